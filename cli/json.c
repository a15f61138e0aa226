/* JSON: pretty, or one object a line for readers that follow. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"

json json_on(FILE *out, int one_line) {
    json json;
    memset(&json, 0, sizeof json);
    json.out = out;
    json.one_line = one_line;
    return json;
}

/* The length of the UTF-8 character at that place, 0 if it is none: overlong forms and surrogates are none. */
static int character_length(const unsigned char *at) {
    int length = at[0] < 0x80 ? 1 : at[0] < 0xC2 ? 0 : at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : at[0] < 0xF5 ? 4 : 0, i;
    for (i = 1; i < length; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] >= 0xA0) || (at[0] == 0xF0 && at[1] < 0x90) ||
        (at[0] == 0xF4 && at[1] >= 0x90))
        return 0;
    return length;
}

/* Arguments and names may be any bytes; what is not UTF-8 becomes U+FFFD. */
static void print_string(FILE *out, const char *text) {
    const unsigned char *at = (const unsigned char *)text;
    fputc('"', out);
    while (*at) {
        const int length = character_length(at);
        if (length == 0)
            fputs("\\ufffd", out);
        else if (*at == '"' || *at == '\\')
            fprintf(out, "\\%c", *at);
        else if (*at < ' ' || *at == 127)
            fprintf(out, "\\u%04x", *at);
        else
            fwrite(at, 1, (size_t)length, out);
        at += length ? length : 1;
    }
    fputc('"', out);
}

static void begin(json *json, const char *key) {
    if (json->is_filled)
        fputs(json->one_line ? ", " : ",", json->out);
    if (json->depth && !json->one_line)
        fprintf(json->out, "\n%*s", 2 * json->depth, "");
    json->is_filled = 1;
    if (key) {
        print_string(json->out, key);
        fputs(": ", json->out);
    }
}

static void open_with(json *json, const char *key, char opening, char closing) {
    begin(json, key);
    fputc(opening, json->out);
    json->closing[json->depth++] = closing;
    json->is_filled = 0;
}

void json_object(json *json, const char *key) {
    open_with(json, key, '{', '}');
}

void json_array(json *json, const char *key) {
    open_with(json, key, '[', ']');
}

void json_end(json *json) {
    json->depth--;
    if (json->is_filled && !json->one_line)
        fprintf(json->out, "\n%*s", 2 * json->depth, "");
    fputc(json->closing[json->depth], json->out);
    json->is_filled = 1;
    if (json->depth == 0) {
        fputc('\n', json->out);
        json->is_filled = 0;
    }
}

void json_text(json *json, const char *key, const char *text) {
    begin(json, key);
    print_string(json->out, text);
}

void json_unsigned(json *json, const char *key, uint64_t value) {
    begin(json, key);
    fprintf(json->out, "%" PRIu64, value);
}

void json_signed(json *json, const char *key, int64_t value) {
    begin(json, key);
    fprintf(json->out, "%" PRId64, value);
}

void json_real(json *json, const char *key, double value) {
    begin(json, key);
    fprintf(json->out, "%.6g", value);
}

void json_bool(json *json, const char *key, int value) {
    begin(json, key);
    fputs(value ? "true" : "false", json->out);
}

void json_null(json *json, const char *key) {
    begin(json, key);
    fputs("null", json->out);
}

void json_limit(json *json, const char *key, uint64_t value) {
    if (value == RR_RLIM_INFINITY)
        json_null(json, key);
    else
        json_unsigned(json, key, value);
}
