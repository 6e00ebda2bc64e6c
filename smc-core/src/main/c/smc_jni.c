/* The only file that knows Java: moves arguments in and out, decides nothing. */
#include "smc_socket.h"

#include <errno.h>
#include <jni.h>
#include <sys/socket.h>

/* Largest piece moved between a Java array and the kernel in one call; a netlink dump's datagram has at most 32 KiB. */
enum { CHUNK = 32768 };

static size_t capacity_of(JNIEnv *env, jbyteArray array)
{
    jsize n = (*env)->GetArrayLength(env, array);
    return n > CHUNK ? CHUNK : (size_t)n;
}

static jint store(JNIEnv *env, jbyteArray array, const void *bytes, int length)
{
    if (length > 0)
        (*env)->SetByteArrayRegion(env, array, 0, (jsize)length, bytes);
    return length;
}

static jint n_socket(JNIEnv *env, jclass c, jint domain, jint type, jint protocol)
{
    (void)env; (void)c;
    return smc_socket(domain, type, protocol);
}

static jint n_close(JNIEnv *env, jclass c, jint fd)
{
    (void)env; (void)c;
    return smc_close(fd);
}

static jint n_dup3(JNIEnv *env, jclass c, jint from, jint to, jint flags)
{
    (void)env; (void)c;
    return smc_dup3(from, to, flags);
}

static jint n_fcntl(JNIEnv *env, jclass c, jint fd, jint command, jint argument)
{
    (void)env; (void)c;
    return smc_fcntl(fd, command, argument);
}

static jlong n_getsockopt_int(JNIEnv *env, jclass c, jint fd, jint level, jint option)
{
    (void)env; (void)c;
    uint32_t value = 0;
    int r = smc_getsockopt(fd, level, option, &value, sizeof value);
    return r < 0 ? r : (jlong)value;
}

static jint n_getsockopt(JNIEnv *env, jclass c, jint fd, jint level, jint option, jbyteArray array)
{
    (void)c;
    char value[CHUNK];
    return store(env, array, value, smc_getsockopt(fd, level, option, value, capacity_of(env, array)));
}

static jint n_setsockopt_int(JNIEnv *env, jclass c, jint fd, jint level, jint option, jint value)
{
    (void)env; (void)c;
    return smc_setsockopt(fd, level, option, &value, sizeof value);
}

static jint n_setsockopt(JNIEnv *env, jclass c, jint fd, jint level, jint option, jbyteArray array)
{
    (void)c;
    char value[CHUNK];
    size_t length = capacity_of(env, array);
    (*env)->GetByteArrayRegion(env, array, 0, (jsize)length, (jbyte *)value);
    return smc_setsockopt(fd, level, option, value, length);
}

/* Copies a sockaddr out of Java; answers its length, or 0 where it cannot be one. */
static size_t load_address(JNIEnv *env, jbyteArray array, struct sockaddr_storage *address)
{
    jsize length = (*env)->GetArrayLength(env, array);
    if (length <= 0 || (size_t)length > sizeof *address)
        return 0;
    (*env)->GetByteArrayRegion(env, array, 0, length, (jbyte *)address);
    return (size_t)length;
}

static jint n_bind(JNIEnv *env, jclass c, jint fd, jbyteArray array)
{
    (void)c;
    struct sockaddr_storage address;
    size_t length = load_address(env, array, &address);
    return length == 0 ? -EINVAL : smc_bind(fd, &address, length);
}

static jint n_connect(JNIEnv *env, jclass c, jint fd, jbyteArray array)
{
    (void)c;
    struct sockaddr_storage address;
    size_t length = load_address(env, array, &address);
    return length == 0 ? -EINVAL : smc_connect(fd, &address, length);
}

static jint n_listen(JNIEnv *env, jclass c, jint fd, jint backlog)
{
    (void)env; (void)c;
    return smc_listen(fd, backlog);
}

static jint n_getsockname(JNIEnv *env, jclass c, jint fd, jbyteArray array)
{
    (void)c;
    struct sockaddr_storage address;
    size_t capacity = capacity_of(env, array);
    if (capacity > sizeof address)
        capacity = sizeof address;
    return store(env, array, &address, smc_getsockname(fd, &address, capacity));
}

static jint n_getpeername(JNIEnv *env, jclass c, jint fd, jbyteArray array)
{
    (void)c;
    struct sockaddr_storage address;
    size_t capacity = capacity_of(env, array);
    if (capacity > sizeof address)
        capacity = sizeof address;
    return store(env, array, &address, smc_getpeername(fd, &address, capacity));
}

static jint n_shutdown(JNIEnv *env, jclass c, jint fd, jint how)
{
    (void)env; (void)c;
    return smc_shutdown(fd, how);
}

static jint n_poll(JNIEnv *env, jclass c, jint fd, jint events, jint timeout_ms)
{
    (void)env; (void)c;
    return smc_poll(fd, events, timeout_ms);
}

static jlong n_ioctl(JNIEnv *env, jclass c, jint fd, jlong request)
{
    (void)env; (void)c;
    return smc_ioctl(fd, (unsigned long)request);
}

static jlong n_inode(JNIEnv *env, jclass c, jint fd)
{
    (void)env; (void)c;
    return smc_inode(fd);
}

static jint n_send(JNIEnv *env, jclass c, jint fd, jbyteArray data, jint length, jint flags, jbyteArray address_array)
{
    (void)c;
    char bytes[CHUNK];
    struct sockaddr_storage address;
    size_t address_length = 0;
    if (length < 0 || (size_t)length > capacity_of(env, data))
        return -EMSGSIZE;
    if (address_array != NULL && (address_length = load_address(env, address_array, &address)) == 0)
        return -EINVAL;
    (*env)->GetByteArrayRegion(env, data, 0, length, (jbyte *)bytes);
    return smc_send(fd, bytes, (size_t)length, flags, address_length == 0 ? NULL : &address, address_length);
}

static jint n_recv(JNIEnv *env, jclass c, jint fd, jbyteArray data, jint flags)
{
    (void)c;
    char bytes[CHUNK];
    size_t capacity = capacity_of(env, data);
    int n = smc_recv(fd, bytes, capacity, flags);
    store(env, data, bytes, n > (int)capacity ? (int)capacity : n);
    return n;
}

/* What is read of the JDK. An id that this JDK does not have stays NULL, and its method answers -1 or null. */
static struct {
    jfieldID descriptor_fd;
    jclass channel;
    jfieldID channel_fd;
    jclass server_channel;
    jfieldID server_channel_fd;
    jclass provider;
    jmethodID provider_get;
    jclass selectable;
    jmethodID selectable_kill;
    jclass socket_impl;
    jmethodID socket_impl_create;
    jfieldID socket_impl_fd;
    jclass lookup;
    jfieldID lookup_trusted;
} jdk;

static jint n_fd(JNIEnv *env, jclass c, jobject descriptor)
{
    (void)c;
    return jdk.descriptor_fd == NULL || descriptor == NULL ? -1 : (*env)->GetIntField(env, descriptor, jdk.descriptor_fd);
}

static jint n_channel_fd(JNIEnv *env, jclass c, jobject channel)
{
    (void)c;
    if (channel == NULL)
        return -1;
    if (jdk.channel_fd != NULL && (*env)->IsInstanceOf(env, channel, jdk.channel))
        return (*env)->GetIntField(env, channel, jdk.channel_fd);
    if (jdk.server_channel_fd != NULL && (*env)->IsInstanceOf(env, channel, jdk.server_channel))
        return (*env)->GetIntField(env, channel, jdk.server_channel_fd);
    return -1;
}

static jobject n_default_provider(JNIEnv *env, jclass c)
{
    (void)c;
    return jdk.provider_get == NULL ? NULL : (*env)->CallStaticObjectMethod(env, jdk.provider, jdk.provider_get);
}

static void n_kill(JNIEnv *env, jclass c, jobject channel)
{
    (void)c;
    if (jdk.selectable_kill != NULL && channel != NULL && (*env)->IsInstanceOf(env, channel, jdk.selectable))
        (*env)->CallVoidMethod(env, channel, jdk.selectable_kill);
}

static jobject n_platform_socket_impl(JNIEnv *env, jclass c, jboolean server)
{
    (void)c;
    return jdk.socket_impl_create == NULL
               ? NULL
               : (*env)->CallStaticObjectMethod(env, jdk.socket_impl, jdk.socket_impl_create, server);
}

static jobject n_socket_impl_descriptor(JNIEnv *env, jclass c, jobject impl)
{
    (void)c;
    return jdk.socket_impl_fd == NULL || impl == NULL ? NULL : (*env)->GetObjectField(env, impl, jdk.socket_impl_fd);
}

static jobject n_trusted_lookup(JNIEnv *env, jclass c)
{
    (void)c;
    return jdk.lookup_trusted == NULL ? NULL : (*env)->GetStaticObjectField(env, jdk.lookup, jdk.lookup_trusted);
}

static jclass find(JNIEnv *env, const char *name)
{
    jclass local = (*env)->FindClass(env, name);
    if (local == NULL) {
        (*env)->ExceptionClear(env);
        return NULL;
    }
    return (*env)->NewGlobalRef(env, local);
}

static jfieldID field(JNIEnv *env, jclass c, const char *name, const char *type)
{
    jfieldID id = c == NULL ? NULL : (*env)->GetFieldID(env, c, name, type);
    if (id == NULL)
        (*env)->ExceptionClear(env);
    return id;
}

static jfieldID static_field(JNIEnv *env, jclass c, const char *name, const char *type)
{
    jfieldID id = c == NULL ? NULL : (*env)->GetStaticFieldID(env, c, name, type);
    if (id == NULL)
        (*env)->ExceptionClear(env);
    return id;
}

static jmethodID method(JNIEnv *env, jclass c, const char *name, const char *type)
{
    jmethodID id = c == NULL ? NULL : (*env)->GetMethodID(env, c, name, type);
    if (id == NULL)
        (*env)->ExceptionClear(env);
    return id;
}

static jmethodID static_method(JNIEnv *env, jclass c, const char *name, const char *type)
{
    jmethodID id = c == NULL ? NULL : (*env)->GetStaticMethodID(env, c, name, type);
    if (id == NULL)
        (*env)->ExceptionClear(env);
    return id;
}

static void look_at_jdk(JNIEnv *env)
{
    jclass descriptor = find(env, "java/io/FileDescriptor");
    jdk.descriptor_fd = field(env, descriptor, "fd", "I");
    jdk.channel = find(env, "sun/nio/ch/SocketChannelImpl");
    jdk.channel_fd = field(env, jdk.channel, "fdVal", "I");
    jdk.server_channel = find(env, "sun/nio/ch/ServerSocketChannelImpl");
    jdk.server_channel_fd = field(env, jdk.server_channel, "fdVal", "I");
    jdk.provider = find(env, "sun/nio/ch/DefaultSelectorProvider");
    jdk.provider_get = static_method(env, jdk.provider, "get", "()Lsun/nio/ch/SelectorProviderImpl;");
    jdk.selectable = find(env, "sun/nio/ch/SelChImpl");
    jdk.selectable_kill = method(env, jdk.selectable, "kill", "()V");
    jdk.socket_impl = find(env, "java/net/SocketImpl");
    jdk.socket_impl_create = static_method(env, jdk.socket_impl, "createPlatformSocketImpl", "(Z)Ljava/net/SocketImpl;");
    jdk.socket_impl_fd = field(env, jdk.socket_impl, "fd", "Ljava/io/FileDescriptor;");
    jdk.lookup = find(env, "java/lang/invoke/MethodHandles$Lookup");
    jdk.lookup_trusted = static_field(env, jdk.lookup, "IMPL_LOOKUP", "Ljava/lang/invoke/MethodHandles$Lookup;");
}

#define METHOD(name, type, function) { (char *)name, (char *)type, (void *)function }

static const JNINativeMethod methods[] = {
    METHOD("socket0", "(III)I", n_socket),
    METHOD("close0", "(I)I", n_close),
    METHOD("dup30", "(III)I", n_dup3),
    METHOD("fcntl0", "(III)I", n_fcntl),
    METHOD("getsockoptInt0", "(III)J", n_getsockopt_int),
    METHOD("getsockopt0", "(III[B)I", n_getsockopt),
    METHOD("setsockoptInt0", "(IIII)I", n_setsockopt_int),
    METHOD("setsockopt0", "(III[B)I", n_setsockopt),
    METHOD("bind0", "(I[B)I", n_bind),
    METHOD("connect0", "(I[B)I", n_connect),
    METHOD("listen0", "(II)I", n_listen),
    METHOD("getsockname0", "(I[B)I", n_getsockname),
    METHOD("getpeername0", "(I[B)I", n_getpeername),
    METHOD("shutdown0", "(II)I", n_shutdown),
    METHOD("poll0", "(III)I", n_poll),
    METHOD("ioctl0", "(IJ)J", n_ioctl),
    METHOD("inode0", "(I)J", n_inode),
    METHOD("send0", "(I[BII[B)I", n_send),
    METHOD("recv0", "(I[BI)I", n_recv),
    METHOD("fd0", "(Ljava/io/FileDescriptor;)I", n_fd),
    METHOD("channelFd0", "(Ljava/lang/Object;)I", n_channel_fd),
    METHOD("defaultSelectorProvider0", "()Ljava/nio/channels/spi/SelectorProvider;", n_default_provider),
    METHOD("kill0", "(Ljava/nio/channels/Channel;)V", n_kill),
    METHOD("newPlatformSocketImpl0", "(Z)Ljava/net/SocketImpl;", n_platform_socket_impl),
    METHOD("descriptor0", "(Ljava/net/SocketImpl;)Ljava/io/FileDescriptor;", n_socket_impl_descriptor),
    METHOD("trustedLookup0", "()Ljava/lang/invoke/MethodHandles$Lookup;", n_trusted_lookup),
};

JNIEXPORT jint JNICALL JNI_OnLoad(JavaVM *vm, void *reserved)
{
    JNIEnv *env = NULL;
    (void)reserved;
    if ((*vm)->GetEnv(vm, (void **)&env, JNI_VERSION_1_8) != JNI_OK)
        return JNI_ERR;
    jclass owner = (*env)->FindClass(env, "io/smc4j/internal/JniCalls");
    if (owner == NULL)
        return JNI_ERR;
    if ((*env)->RegisterNatives(env, owner, methods, sizeof methods / sizeof methods[0]) != JNI_OK)
        return JNI_ERR;
    look_at_jdk(env);
    return JNI_VERSION_1_8;
}
