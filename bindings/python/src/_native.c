/*
 * The module rresource._native: what the standard module `resource` has, call by call, over the public header. The
 * library is linked into it, or it is linked with the shared one; ctypes reaches the other functions through this file.
 *
 * Only the limited API, so that one file serves every CPython since 3.9.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <errno.h>
#include <string.h>
#include <rresource.h>

/* Both have been in every CPython since 3.8 as they are here; the limited API of 3.9 does not name them. */
#ifndef METH_FASTCALL
#define METH_FASTCALL 0x0080
#endif
PyAPI_FUNC(int) PySys_Audit(const char *event, const char *format, ...);

#define FIELDS 16 /* of the interpreter's struct_rusage: the two times and the counts */

/* How limits are numbers: signed before Python 3.14; unsigned except infinity, which is -1, in 3.14; since then
   unsigned. */
typedef enum { SIGNED, UNSIGNED_EXCEPT_INFINITY, UNSIGNED } generation;

typedef struct {
    generation generation;
    uint64_t resources; /* those of this system, a bit for each number: asking the library costs as much as the call */
    PyTypeObject *rusage_type;
} module_state;

static module_state *state_of(PyObject *module) {
    return PyModule_GetState(module);
}

/* ---- Arguments ------------------------------------------------------------------------------------ */

/* As the argument parser converts to a C int: in Python 3.9 PyLong_AsLong would accept a float. */
static int to_int(PyObject *object, int *number) {
    if (PyFloat_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "'float' object cannot be interpreted as an integer");
        return -1;
    }
    long value = PyLong_AsLong(object);
    if (value == -1 && PyErr_Occurred())
        return -1;
    if (value != (int)value) {
        PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C int");
        return -1;
    }
    *number = (int)value;
    return 0;
}

static int to_resource(const module_state *state, PyObject *object, int *resource) {
    if (to_int(object, resource))
        return -1;
    if (*resource < 0 || *resource > 63 || !(state->resources >> *resource & 1)) {
        PyErr_SetString(PyExc_ValueError, "invalid resource specified");
        return -1;
    }
    return 0;
}

static int to_signed(PyObject *object, uint64_t *limit) {
    /* PyLong_AsLong where it is wide enough, for the text of its error. */
    long long value = sizeof(long) == sizeof value ? PyLong_AsLong(object) : PyLong_AsLongLong(object);
    *limit = (uint64_t)value;
    return value == -1 && PyErr_Occurred() ? -1 : 0;
}

static int to_unsigned(PyObject *object, generation generation, uint64_t *limit) {
    PyObject *number = PyNumber_Index(object);
    if (number == NULL)
        return -1;
    int overflow, result = 0;
    long long value = PyLong_AsLongLongAndOverflow(number, &overflow);
    *limit = (uint64_t)value;
    if (overflow > 0) {
        *limit = PyLong_AsUnsignedLongLong(number);
        result = *limit == UINT64_MAX && PyErr_Occurred() ? -1 : 0;
        if (result) {
            PyErr_Clear();
            PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C rlim_t");
        }
    } else if (overflow < 0 || value < -1) {
        PyErr_SetString(PyExc_ValueError, "Cannot convert negative int");
        result = -1;
    } else if (value == -1) {
        *limit = RR_RLIM_INFINITY;
        if (generation == UNSIGNED)
            result = PyErr_WarnEx(PyExc_DeprecationWarning, "Use RLIM_INFINITY instead of negative limit value.", 1);
    }
    Py_DECREF(number);
    return result;
}

static int to_limit(PyObject *object, generation generation, uint64_t *limit) {
    return generation == SIGNED ? to_signed(object, limit) : to_unsigned(object, generation, limit);
}

static int to_limits(PyObject *object, generation generation, rr_rlimit *limits) {
    PyObject *pair = PySequence_Tuple(object);
    if (pair == NULL)
        return -1;
    int result = -1;
    if (PyTuple_Size(pair) != 2)
        PyErr_SetString(PyExc_ValueError, "expected a tuple of 2 integers");
    else if (to_limit(PyTuple_GetItem(pair, 0), generation, &limits->rlim_cur) == 0)
        result = to_limit(PyTuple_GetItem(pair, 1), generation, &limits->rlim_max);
    Py_DECREF(pair);
    return result;
}

/* ---- Results -------------------------------------------------------------------------------------- */

static PyObject *from_limit(uint64_t limit, generation generation) {
    if (generation == SIGNED || (generation == UNSIGNED_EXCEPT_INFINITY && limit == RR_RLIM_INFINITY))
        return PyLong_FromLongLong((long long)limit);
    return PyLong_FromUnsignedLongLong(limit);
}

static PyObject *from_limits(const rr_rlimit *limits, generation generation) {
    PyObject *pair = PyTuple_New(2);
    PyObject *soft = from_limit(limits->rlim_cur, generation), *hard = from_limit(limits->rlim_max, generation);
    if (pair == NULL || soft == NULL || hard == NULL) {
        Py_XDECREF(soft);
        Py_XDECREF(hard);
        Py_XDECREF(pair);
        return NULL;
    }
    PyTuple_SetItem(pair, 0, soft);
    PyTuple_SetItem(pair, 1, hard);
    return pair;
}

static PyObject *os_error(int error) {
    errno = error;
    return PyErr_SetFromErrno(PyExc_OSError);
}

static PyObject *value_error(const char *text) {
    PyErr_SetString(PyExc_ValueError, text);
    return NULL;
}

static int counted(const char *function, Py_ssize_t least, Py_ssize_t most, Py_ssize_t count) {
    if (count >= least && count <= most)
        return 0;
    PyErr_Format(PyExc_TypeError, "%s expected %s%zd arguments, got %zd", function,
                 least == most ? "" : count < least ? "at least " : "at most ", count < least ? least : most, count);
    return -1;
}

/* ---- The functions -------------------------------------------------------------------------------- */

PyDoc_STRVAR(getrlimit_doc, "getrlimit($module, resource, /)\n--\n\n"
"Gets the limits of this process for a resource, as (soft, hard).\n\n"
"ValueError for an unknown resource. See getrlimit(2).");

static PyObject *getrlimit_(PyObject *module, PyObject *argument) {
    int resource, error;
    rr_rlimit limits;
    if (to_int(argument, &resource))
        return NULL;
    if ((error = rr_getrlimit(resource, &limits)))
        return error == EINVAL ? value_error("invalid resource specified") : os_error(error);
    return from_limits(&limits, state_of(module)->generation);
}

PyDoc_STRVAR(setrlimit_doc, "setrlimit($module, resource, limits, /)\n--\n\n"
"Sets the limits of this process for a resource; limits is (soft, hard).\n\n"
"RLIM_INFINITY, and -1 on Linux, means no limit. ValueError for an unknown resource, for anything but a pair of\n"
"limits, for a soft limit above the hard one, and for a hard limit that may not be raised. Raises the auditing\n"
"event resource.setrlimit with the arguments. See setrlimit(2).");

static PyObject *setrlimit_(PyObject *module, PyObject *const *arguments, Py_ssize_t count) {
    const module_state *state = state_of(module);
    int resource;
    rr_rlimit limits;
    if (counted("setrlimit", 2, 2, count) || to_resource(state, arguments[0], &resource) ||
        PySys_Audit("resource.setrlimit", "iO", resource, arguments[1]) < 0 ||
        to_limits(arguments[1], state->generation, &limits))
        return NULL;
    int error = rr_setrlimit(resource, &limits);
    switch (error) {
    case 0: Py_RETURN_NONE;
    case EINVAL: return value_error("current limit exceeds maximum limit");
    case EPERM: return value_error("not allowed to raise maximum limit");
    default: return os_error(error);
    }
}

PyDoc_STRVAR(prlimit_doc, "prlimit($module, pid, resource, limits=None, /)\n--\n\n"
"Gets the limits of a process for a resource, as (soft, hard); if limits are given, sets them in the same step.\n\n"
"pid 0 is this process. ValueError for an unknown resource, for anything but a pair of limits, and for a soft limit\n"
"above the hard one; ProcessLookupError if there is no such process; PermissionError if it is another user's, and\n"
"for a hard limit that may not be raised. Raises the auditing event resource.prlimit with the arguments. See\n"
"prlimit(2).");

static PyObject *prlimit_(PyObject *module, PyObject *const *arguments, Py_ssize_t count) {
    const module_state *state = state_of(module);
    int pid, resource;
    rr_rlimit wanted, previous;
    if (counted("prlimit", 2, 3, count) || to_int(arguments[0], &pid) || to_resource(state, arguments[1], &resource))
        return NULL;
    PyObject *limits = count == 3 ? arguments[2] : Py_None;
    if (PySys_Audit("resource.prlimit", "iiO", pid, resource, limits) < 0 ||
        (limits != Py_None && to_limits(limits, state->generation, &wanted)))
        return NULL;
    int error = rr_prlimit(pid, resource, limits == Py_None ? NULL : &wanted, &previous);
    if (error)
        return error == EINVAL ? value_error("current limit exceeds maximum limit") : os_error(error);
    return from_limits(&previous, state->generation);
}

static PyObject *seconds(rr_timeval time) {
    return PyFloat_FromDouble((double)time.tv_sec + (double)time.tv_usec * 0.000001);
}

PyDoc_STRVAR(getrusage_doc, "getrusage($module, who, /)\n--\n\n"
"Gets what this process (RUSAGE_SELF), its calling thread (RUSAGE_THREAD) or its children (RUSAGE_CHILDREN) have\n"
"used.\n\n"
"ValueError for another number. The fields are as the system has them: ru_maxrss is in KiB on Linux and the BSDs, in\n"
"bytes on macOS. See getrusage(2).");

static PyObject *getrusage_(PyObject *module, PyObject *argument) {
    int who, error;
    rr_rusage usage;
    if (to_int(argument, &who))
        return NULL;
    error = who == RR_RUSAGE_BOTH ? EINVAL : rr_getrusage(who, &usage); /* which the standard module does not have */
    if (error)
        return error == EINVAL || error == ENOTSUP ? value_error("invalid who parameter") : os_error(error);
    PyObject *result = PyStructSequence_New(state_of(module)->rusage_type);
    if (result == NULL)
        return NULL;
    /* The counts follow the times, one after another. */
    const int64_t *counts = &usage.ru_maxrss;
    PyStructSequence_SetItem(result, 0, seconds(usage.ru_utime));
    PyStructSequence_SetItem(result, 1, seconds(usage.ru_stime));
    for (Py_ssize_t i = 2; i < FIELDS; i++)
        PyStructSequence_SetItem(result, i, PyLong_FromLongLong(counts[i - 2]));
    if (PyErr_Occurred()) {
        Py_DECREF(result);
        return NULL;
    }
    return result;
}

PyDoc_STRVAR(getpagesize_doc, "getpagesize($module, /)\n--\n\n"
"Returns the number of bytes in a page of memory. See getpagesize(2).");

static PyObject *getpagesize_(PyObject *module, PyObject *none) {
    (void)module, (void)none;
    return PyLong_FromSize_t(rr_getpagesize());
}

static PyMethodDef methods[] = {
    {"getrlimit", getrlimit_, METH_O, getrlimit_doc},
    {"setrlimit", (PyCFunction)(void *)setrlimit_, METH_FASTCALL, setrlimit_doc},
    {"prlimit", (PyCFunction)(void *)prlimit_, METH_FASTCALL, prlimit_doc},
    {"getrusage", getrusage_, METH_O, getrusage_doc},
    {"getpagesize", getpagesize_, METH_NOARGS, getpagesize_doc},
    {NULL, NULL, 0, NULL}};

/* ---- The module ----------------------------------------------------------------------------------- */

static int set_generation(module_state *state) {
    PyObject *version = PySys_GetObject("version_info"); /* borrowed */
    PyObject *minor = version ? PySequence_GetItem(version, 1) : NULL;
    if (minor == NULL)
        return -1;
    long number = PyLong_AsLong(minor);
    Py_DECREF(minor);
    state->generation = number < 14 ? SIGNED : number == 14 ? UNSIGNED_EXCEPT_INFINITY : UNSIGNED;
    return number == -1 && PyErr_Occurred() ? -1 : 0;
}

static int find_resources(module_state *state) {
    rr_resource found;
    for (size_t i = 0; i < rr_resource_count(); i++) {
        if (rr_resource_at(i, &found) || found.id < 0 || found.id > 63) {
            PyErr_SetString(PyExc_ImportError, "the library has resources that this package cannot hold");
            return -1;
        }
        state->resources |= (uint64_t)1 << found.id;
    }
    return 0;
}

/* Made by the interpreter, as the standard module's is: os.wait4 makes results of the type that it finds in the module
   `resource`, and takes for granted that it is one of these. The names and texts are static in the library. */
static int make_rusage_type(module_state *state) {
    PyStructSequence_Field fields[FIELDS + 1];
    memset(fields, 0, sizeof fields);
    if (rr_rusage_field_count() != FIELDS) {
        PyErr_SetString(PyExc_ImportError, "the library has other fields of rusage than this package");
        return -1;
    }
    for (size_t i = 0; i < FIELDS; i++) {
        fields[i].name = (char *)rr_rusage_field_name(i);
        fields[i].doc = (char *)rr_rusage_field_summary(i);
    }
    PyStructSequence_Desc description = {
        "resource.struct_rusage",
        "struct_rusage: Result from getrusage.\n\n"
        "This object may be accessed either as a tuple or via the attributes ru_utime, ru_stime, ru_maxrss, and so on.",
        fields, FIELDS};
    state->rusage_type = PyStructSequence_NewType(&description);
    return state->rusage_type == NULL ? -1 : 0;
}

static int prepare(PyObject *module) {
    module_state *state = state_of(module);
    if (set_generation(state) || find_resources(state) || make_rusage_type(state))
        return -1;
    Py_INCREF(state->rusage_type);
    if (PyModule_AddObject(module, "struct_rusage", (PyObject *)state->rusage_type) == 0)
        return 0;
    Py_DECREF(state->rusage_type);
    return -1;
}

static int traverse(PyObject *module, visitproc visit, void *arg) {
    Py_VISIT(state_of(module)->rusage_type);
    return 0;
}

static int clear(PyObject *module) {
    Py_CLEAR(state_of(module)->rusage_type);
    return 0;
}

static PyModuleDef_Slot slots[] = {{Py_mod_exec, (void *)prepare}, {0, NULL}};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, .m_name = "_native", .m_size = sizeof(module_state), .m_methods = methods,
    .m_slots = slots, .m_traverse = traverse, .m_clear = clear};

PyMODINIT_FUNC PyInit__native(void) {
    return PyModuleDef_Init(&definition);
}
