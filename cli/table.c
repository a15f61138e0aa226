/* Tables in columns. On a terminal they have colours and bars and fit its width; elsewhere every line is whole. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli.h"

enum { GAP = 2, BAR_LEAST = 10, BAR_MOST = 40 };

typedef struct cell {
    char *text;
    int style;
    double percent;
} cell;

struct table {
    const column *columns;
    int count;
    cell *cells;
    size_t filled, capacity;
};

int terminal_width(void) {
    if (!isatty(STDOUT_FILENO))
        return 0;
#ifdef TIOCGWINSZ
    {
        struct winsize size;
        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
            return size.ws_col;
    }
#endif
    return 80;
}

const char *style(FILE *out, int style) {
    static const char *const codes[] = {"\033[0m", "\033[1m", "\033[2m", "\033[31m", "\033[33m", "\033[32m"};
    const char *terminal = getenv("TERM"), *refusal = getenv("NO_COLOR");
    if (!isatty(fileno(out)) || (refusal && *refusal) || !terminal || strcmp(terminal, "dumb") == 0)
        return "";
    return codes[style];
}

int style_of_percent(double percent) {
    return percent >= 90 ? RED : percent >= 80 ? YELLOW : PLAIN;
}

table *table_new(const column *columns, int count) {
    table *table = allocated(calloc(1, sizeof *table));
    table->columns = columns;
    table->count = count;
    return table;
}

static cell *new_cell(table *table) {
    if (table->filled == table->capacity) {
        table->capacity = table->capacity ? 2 * table->capacity : 64;
        table->cells = allocated(realloc(table->cells, table->capacity * sizeof *table->cells));
    }
    return &table->cells[table->filled++];
}

/* The names of processes are theirs to choose: a control character in one must not reach the terminal. */
static void without_controls(char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < ' ' || *text == 127)
            *text = '?';
}

void table_text(table *table, int style, const char *text) {
    cell *cell = new_cell(table);
    cell->text = allocated(strdup(text));
    cell->style = style;
    cell->percent = -1;
    without_controls(cell->text);
}

void table_bar(table *table, double percent) {
    cell *cell = new_cell(table);
    cell->text = NULL;
    cell->style = style_of_percent(percent);
    cell->percent = percent;
}

/* In characters of UTF-8. */
static int length_of(const char *text) {
    int length = 0;
    for (; *text; text++)
        length += ((unsigned char)*text & 0xC0) != 0x80;
    return length;
}

static int width_of(const table *table, int at) {
    int width = length_of(table->columns[at].head);
    size_t i;
    for (i = (size_t)at; i < table->filled; i += (size_t)table->count)
        if (table->cells[i].text && length_of(table->cells[i].text) > width)
            width = length_of(table->cells[i].text);
    return width;
}

/* Sets each column's width, 0 for those that are left out. */
static void lay_out(const table *table, int terminal, int *widths) {
    int i, total = 0;
    for (i = 0; i < table->count; i++) {
        const int is_bar = table->columns[i].kind == BAR;
        widths[i] = is_bar ? (terminal ? BAR_LEAST : 0) : width_of(table, i);
        total += widths[i] ? widths[i] + GAP : 0;
    }
    for (i = table->count - 1; terminal && i >= 0 && total - GAP > terminal; i--)
        if (table->columns[i].optional && widths[i]) {
            total -= widths[i] + GAP;
            widths[i] = 0;
        }
    for (i = 0; i < table->count; i++)
        while (table->columns[i].kind == BAR && widths[i] && widths[i] < BAR_MOST && total - GAP < terminal) {
            widths[i]++;
            total++;
        }
}

static void print_padding(int width) {
    if (width > 0)
        printf("%*s", width, "");
}

static void print_bar(double percent, int width) {
    const int filled = (int)(percent / 100 * (width - 2) + 0.5);
    int i;
    if (percent < 0) {
        print_padding(width);
        return;
    }
    fputc('[', stdout);
    for (i = 0; i < width - 2; i++)
        fputc(i < filled ? '#' : '.', stdout);
    fputc(']', stdout);
}

static void print_cell(const char *text, int kind, int width, int is_last) {
    const int padding = width - length_of(text);
    if (kind == RIGHT)
        print_padding(padding);
    fputs(text, stdout);
    if (kind != RIGHT && !is_last)
        print_padding(padding);
}

static int last_column(const table *table, const int *widths) {
    int last = table->count - 1;
    while (last > 0 && !widths[last])
        last--;
    return last;
}

static void print_row(const table *table, const int *widths, const cell *cells) {
    const int last = last_column(table, widths);
    int i;
    for (i = 0; i <= last; i++) {
        const int style_here = cells ? cells[i].style : DIM;
        if (!widths[i])
            continue;
        fputs(style_here ? style(stdout, style_here) : "", stdout);
        if (cells && !cells[i].text)
            print_bar(cells[i].percent, widths[i]);
        else
            print_cell(cells ? cells[i].text : table->columns[i].head, table->columns[i].kind, widths[i], i == last);
        fputs(style_here ? style(stdout, PLAIN) : "", stdout);
        print_padding(i == last ? 0 : GAP);
    }
    fputc('\n', stdout);
}

int table_print(table *table) {
    int *widths = allocated(calloc((size_t)table->count, sizeof *widths));
    const size_t row = (size_t)table->count;
    size_t i;
    lay_out(table, terminal_width(), widths);
    print_row(table, widths, NULL);
    for (i = 0; i + row <= table->filled; i += row)
        print_row(table, widths, table->cells + i);
    free(widths);
    return 1 + (int)(table->filled / row);
}

void table_free(table *table) {
    size_t i;
    for (i = 0; i < table->filled; i++)
        free(table->cells[i].text);
    free(table->cells);
    free(table);
}
