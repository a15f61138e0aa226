// Raises the limit on open files, runs a program under limits, and shows what it used. Java with JNA.
// java -cp jna.jar Job.java librresource.so.0
import com.sun.jna.*;
import com.sun.jna.ptr.*;

public class Job {
    static NativeLibrary rr;

    static void call(String function, Object... arguments) {
        int error = rr.getFunction(function).invokeInt(arguments);
        if (error != 0) throw new RuntimeException(rr.getFunction("rr_strerror").invokeString(new Object[] {error}, false));
    }

    static int constant(String name) {
        LongByReference value = new LongByReference();
        call("rr_constant", name, value);
        return (int) value.getValue();
    }

    public static void main(String[] arguments) {
        rr = NativeLibrary.getInstance(arguments[0]);
        int nofile = constant("RLIMIT_NOFILE");
        Memory files = new Memory(constant("SIZEOF_RLIMIT")), limits = new Memory(constant("SIZEOF_RLIMIT"));
        call("rr_rlimit_raise", nofile, 4096L, files);
        call("rr_rlimit_parse", nofile, "64", limits);

        PointerByReference command = new PointerByReference(), child = new PointerByReference();
        call("rr_command_new", "sort", command);
        call("rr_command_add_arg", command.getValue(), "--output=/dev/null");
        call("rr_command_add_arg", command.getValue(), "/etc/passwd");
        call("rr_command_set_limit", command.getValue(), nofile, limits);
        call("rr_command_spawn", command.getValue(), child, null);
        Memory outcome = new Memory(constant("SIZEOF_OUTCOME"));
        call("rr_child_wait", child.getValue(), -1L, outcome);
        rr.getFunction("rr_child_free").invokeVoid(new Object[] {child.getValue()});
        rr.getFunction("rr_command_free").invokeVoid(new Object[] {command.getValue()});
        int usage = constant("OFFSETOF_OUTCOME_USAGE");
        System.out.printf("%d files here; exit code %d: %d ns of processor time, %d bytes of memory%n", files.getLong(0),
            outcome.getInt(0), outcome.getLong(usage + constant("OFFSETOF_USAGE_CPU_NS")),
            outcome.getLong(usage + constant("OFFSETOF_USAGE_PEAK_RSS_BYTES")));
    }
}
