/* The version of the header and of the library. */
#include "check.h"

static void header_and_library_agree(void) {
    char text[64];
    snprintf(text, sizeof text, "%d.%d.%d", RR_VERSION_MAJOR, RR_VERSION_MINOR, RR_VERSION_PATCH);
    CHECK_TEXT(rr_version_string(), text);
    CHECK_EQ(rr_version(), RR_VERSION_NUMBER);
    CHECK_EQ(rr_version(), (RR_VERSION_MAJOR << 16) | (RR_VERSION_MINOR << 8) | RR_VERSION_PATCH);
}

#if RR_VERSION_NUMBER < 0x100
#error "a version below 0.1 was never there, and #if can compare"
#endif

int main(void) {
    RUN(header_and_library_agree);
    return report();
}
