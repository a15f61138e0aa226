/* Compares one call with another in C, or with psutil in a Python process. */
#ifndef RIVALS_H
#define RIVALS_H

#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include "paired.h"

enum { PSUTIL_ROUNDS = 51 };

/* `factor`: the number of their calls that is compared with one of ours. */
static void compare(const char *name, void (*our_call)(void), int our_calls, const char *rival, void (*their_call)(void),
                    int their_calls, double factor) {
    static double our_times[ROUNDS], ratios[ROUNDS];
    int round;
    for (round = 0; round < ROUNDS; round++) {
        int we_begin = round % 2;
        double mine = we_begin ? nanoseconds(our_call, our_calls) : 0;
        double other = nanoseconds(their_call, their_calls);
        if (!we_begin)
            mine = nanoseconds(our_call, our_calls);
        our_times[round] = mine;
        ratios[round] = mine / (other * factor);
    }
    printf("%-32s %10.1f ns   %6.3f of %s\n", name, median(our_times, ROUNDS), median(ratios, ROUNDS), rival);
    fflush(stdout);
}

/* `command` is the interpreter, the script and its argument. The script reads a number of calls from each line of
 * its standard input and prints the time of one of them. */
static void compare_with_psutil(const char *name, void (*our_call)(void), int calls, const char *rival,
                                const char *const *command) {
    static double our_times[PSUTIL_ROUNDS], ratios[PSUTIL_ROUNDS];
    int to[2], from[2], round;
    char line[64];
    pid_t python;
    FILE *requests, *results;
    if (pipe(to) != 0 || pipe(from) != 0)
        abort();
    python = fork();
    if (python == 0) {
        dup2(to[0], 0), dup2(from[1], 1);
        close(to[1]), close(from[0]);
        execvp(command[0], (char **)command);
        _exit(127);
    }
    close(to[0]), close(from[1]);
    requests = fdopen(to[1], "w"), results = fdopen(from[0], "r");
    for (round = 0; round < PSUTIL_ROUNDS; round++) {
        double mine = nanoseconds(our_call, calls);
        fprintf(requests, "%d\n", calls);
        fflush(requests);
        if (!fgets(line, sizeof line, results)) {
            printf("psutil was not measured: %s cannot import it\n", command[0]);
            break;
        }
        our_times[round] = mine;
        ratios[round] = mine / atof(line);
    }
    fclose(requests), fclose(results);
    waitpid(python, NULL, 0);
    if (round == PSUTIL_ROUNDS)
        printf("%-32s %10.1f ns   %6.3f of %s\n", name, median(our_times, PSUTIL_ROUNDS),
               median(ratios, PSUTIL_ROUNDS), rival);
}

#endif
