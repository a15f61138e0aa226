/* Numbers for people. Machines read the JSON, which has them exactly. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"

const char *bytes_text(uint64_t bytes, char text[TEXT_SIZE]) {
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double size = (double)bytes / 1024;
    size_t unit = 0;
    if (bytes < 1024) {
        snprintf(text, TEXT_SIZE, "%" PRIu64 " B", bytes);
        return text;
    }
    for (; size >= 1023.95 && unit + 1 < sizeof units / sizeof *units; unit++)
        size /= 1024;
    snprintf(text, TEXT_SIZE, size < 9.995 ? "%.2f %s" : "%.1f %s", size, units[unit]);
    return text;
}

const char *duration_text(uint64_t ns, char text[TEXT_SIZE]) {
    const double s = (double)ns / 1e9;
    const uint64_t minutes = ns / 60000000000u;
    if (ns < 999500)
        snprintf(text, TEXT_SIZE, "%.0f us", s * 1e6);
    else if (ns < 999950000)
        snprintf(text, TEXT_SIZE, "%.2f ms", s * 1e3);
    else if (minutes == 0)
        snprintf(text, TEXT_SIZE, "%.3f s", s);
    else if (minutes < 60)
        snprintf(text, TEXT_SIZE, "%" PRIu64 " min %04.1f s", minutes, s - 60 * (double)minutes);
    else
        snprintf(text, TEXT_SIZE, "%" PRIu64 " h %02" PRIu64 " min", minutes / 60, minutes % 60);
    return text;
}

const char *amount_text(int unit, uint64_t value, char text[TEXT_SIZE]) {
    switch (unit) {
    case RR_UNIT_BYTES: return bytes_text(value, text);
    case RR_UNIT_NANOSECONDS: return duration_text(value, text);
    case RR_UNIT_SECONDS: snprintf(text, TEXT_SIZE, "%" PRIu64 " s", value); return text;
    case RR_UNIT_MICROSECONDS: snprintf(text, TEXT_SIZE, "%" PRIu64 " us", value); return text;
    default: snprintf(text, TEXT_SIZE, "%" PRIu64, value); return text;
    }
}

const char *unit_name(int unit) {
    switch (unit) {
    case RR_UNIT_BYTES: return "bytes";
    case RR_UNIT_SECONDS: return "seconds";
    case RR_UNIT_MICROSECONDS: return "microseconds";
    case RR_UNIT_NANOSECONDS: return "nanoseconds";
    case RR_UNIT_COUNT: return "count";
    case RR_UNIT_PRIORITY: return "priority";
    default: return "none";
    }
}

const char *limits_text(int resource, const rr_rlimit *limits, char text[TEXT_SIZE]) {
    if (rr_rlimit_format(resource, limits, text, TEXT_SIZE))
        snprintf(text, TEXT_SIZE, "%" PRIu64 ":%" PRIu64, limits->rlim_cur, limits->rlim_max);
    return text;
}

const char *limit_text(int resource, uint64_t value, char text[TEXT_SIZE]) {
    rr_rlimit both;
    both.rlim_cur = both.rlim_max = value;
    return limits_text(resource, &both, text);
}

double percent_used(const rr_resource *resource, uint64_t limit, uint64_t used) {
    if (limit == RR_RLIM_INFINITY || resource->unit == RR_UNIT_PRIORITY)
        return -1;
    if (limit == 0)
        return used ? 100 : -1;
    return 100.0 * (double)used / (double)limit;
}

const char *percent_text(double percent, char text[TEXT_SIZE]) {
    if (percent < 0)
        strcpy(text, "-");
    else
        snprintf(text, TEXT_SIZE, "%.0f%%", percent);
    return text;
}
