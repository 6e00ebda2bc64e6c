/*
 * musl_load LIBRARY: loads our library under musl with every symbol resolved at once, hands it an environment in which only our own class exists, and makes system calls through
 * the methods that it registers. No JVM takes part: there is none for musl in Debian. Prints "N passed, N failed".
 */
#include <dlfcn.h>
#include <errno.h>
#include <jni.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static const JNINativeMethod *methods;
static jint method_count;
static int passed, failed;

/* A Java byte array, as far as the library looks into it. */
struct array { jsize length; jbyte bytes[128]; };

static jclass find_class(JNIEnv *env, const char *name)
{
    (void)env;
    return strcmp(name, "io/smc4j/internal/JniCalls") == 0 ? (jclass)&methods : NULL;
}

static jint register_natives(JNIEnv *env, jclass c, const JNINativeMethod *m, jint n)
{
    (void)env; (void)c;
    methods = m;
    method_count = n;
    return JNI_OK;
}

static void exception_clear(JNIEnv *env)
{
    (void)env;
}

static jsize array_length(JNIEnv *env, jarray a)
{
    (void)env;
    return ((struct array *)(void *)a)->length;
}

static void get_region(JNIEnv *env, jbyteArray a, jsize start, jsize length, jbyte *to)
{
    (void)env;
    memcpy(to, ((struct array *)(void *)a)->bytes + start, (size_t)length);
}

static void set_region(JNIEnv *env, jbyteArray a, jsize start, jsize length, const jbyte *from)
{
    (void)env;
    memcpy(((struct array *)(void *)a)->bytes + start, from, (size_t)length);
}

static const struct JNINativeInterface_ functions = {
    .FindClass = find_class,
    .RegisterNatives = register_natives,
    .ExceptionClear = exception_clear,
    .GetArrayLength = array_length,
    .GetByteArrayRegion = get_region,
    .SetByteArrayRegion = set_region,
};
static JNIEnv env = &functions;

static jint get_env(JavaVM *vm, void **to, jint version)
{
    (void)vm; (void)version;
    *to = &env;
    return JNI_OK;
}

static const struct JNIInvokeInterface_ invocation = { .GetEnv = get_env };
static JavaVM vm = &invocation;

static void check(int good, const char *what)
{
    if (good)
        passed++;
    else
        failed++;
    printf("%s: %s\n", good ? "ok" : "FAILED", what);
}

static void *method(const char *name)
{
    for (jint i = 0; i < method_count; i++)
        if (strcmp(methods[i].name, name) == 0)
            return methods[i].fnPtr;
    check(0, name);
    return NULL;
}

int main(int argc, char **argv)
{
    void *library = argc == 2 ? dlopen(argv[1], RTLD_NOW | RTLD_LOCAL) : NULL;
    check(library != NULL, library == NULL ? dlerror() : "dlopen, all symbols resolved");
    if (library == NULL)
        goto end;
    jint (*on_load)(JavaVM *, void *);
    *(void **)&on_load = dlsym(library, "JNI_OnLoad");
    check(on_load != NULL && on_load(&vm, NULL) == JNI_VERSION_1_8, "JNI_OnLoad");
    if (method_count == 0)
        goto end;

    jint (*open)(JNIEnv *, jclass, jint, jint, jint) = (jint (*)(JNIEnv *, jclass, jint, jint, jint))method("socket0");
    jint (*with_array)(JNIEnv *, jclass, jint, jbyteArray) = (jint (*)(JNIEnv *, jclass, jint, jbyteArray))method("bind0");
    jint (*getsockname)(JNIEnv *, jclass, jint, jbyteArray) = (jint (*)(JNIEnv *, jclass, jint, jbyteArray))method("getsockname0");
    jint (*listening)(JNIEnv *, jclass, jint, jint) = (jint (*)(JNIEnv *, jclass, jint, jint))method("listen0");
    jlong (*option)(JNIEnv *, jclass, jint, jint, jint) = (jlong (*)(JNIEnv *, jclass, jint, jint, jint))method("getsockoptInt0");
    jlong (*inode)(JNIEnv *, jclass, jint) = (jlong (*)(JNIEnv *, jclass, jint))method("inode0");
    jint (*poll)(JNIEnv *, jclass, jint, jint, jint) = (jint (*)(JNIEnv *, jclass, jint, jint, jint))method("poll0");
    jint (*shut)(JNIEnv *, jclass, jint) = (jint (*)(JNIEnv *, jclass, jint))method("close0");
    if (failed != 0)
        goto end;

    check(open(&env, NULL, 12345, SOCK_STREAM, 0) == -EAFNOSUPPORT, "an error's number");
    jint fd = open(&env, NULL, AF_INET, SOCK_STREAM, 0);
    check(fd >= 0, "socket");
    struct array address = { .length = sizeof(struct sockaddr_in) };
    struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    memcpy(address.bytes, &any, sizeof any);
    check(with_array(&env, NULL, fd, (jbyteArray)(void *)&address) == 0, "bind");
    check(listening(&env, NULL, fd, 5) == 0, "listen");
    check(getsockname(&env, NULL, fd, (jbyteArray)(void *)&address) == (jint)sizeof any, "getsockname");
    memcpy(&any, address.bytes, sizeof any);
    check(any.sin_port != 0 && any.sin_addr.s_addr == htonl(INADDR_LOOPBACK), "its address");
    check(option(&env, NULL, fd, SOL_SOCKET, SO_ACCEPTCONN) == 1, "getsockopt");
    check(inode(&env, NULL, fd) > 0, "inode");
    check(poll(&env, NULL, fd, 1, 0) == 0, "poll");
    check(shut(&env, NULL, fd) == 0, "close");
    check(shut(&env, NULL, fd) == -EBADF, "close, twice");
end:
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
