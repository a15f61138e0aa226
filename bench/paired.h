/*
 * Paired measurements: calls compared with their alternatives, in one run.
 *
 * Each round times them one after the other, and the result is the median of the rounds' ratios: a machine that
 * slows down slows all. (Benchmark libraries time one call for seconds and then the next, which on a busy machine
 * compares two moments instead of two calls.)
 */
#ifndef PAIRED_H
#define PAIRED_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ROUNDS = 401 };

/* The time of one call, averaged over `calls`. */
static double nanoseconds(void (*call)(void), int calls) {
    struct timespec start, end;
    int i;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (i = 0; i < calls; i++)
        call();
    clock_gettime(CLOCK_MONOTONIC, &end);
    return ((double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec)) / calls;
}

static int by_size(const void *left, const void *right) {
    double difference = *(const double *)left - *(const double *)right;
    return (difference > 0) - (difference < 0);
}

static double median(double *values, int count) {
    qsort(values, (size_t)count, sizeof values[0], by_size);
    return values[count / 2];
}

#endif
