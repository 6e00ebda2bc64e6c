#!/bin/sh
# build.sh CC JAVA_HOME CLASSES: compiles the native library into CLASSES/META-INF/native/linux-ARCH/libsmc4j.so
set -eu
cc=$1 java_home=$2 classes=$3
here=$(dirname "$0")
if ! command -v "$cc" >/dev/null 2>&1; then
    echo "smc4j: no C compiler '$cc': install the package gcc and libc6-dev (Debian, Ubuntu), gcc (Alibaba Cloud Linux, Fedora, RHEL), or name one with -Dsmc4j.cc=..." >&2
    exit 1
fi
if [ ! -f "$java_home/include/jni.h" ]; then
    echo "smc4j: no $java_home/include/jni.h: build with a full JDK (package openjdk-17-jdk-headless), not a JRE" >&2
    exit 1
fi
arch=$("$cc" -dumpmachine | cut -d- -f1)
# On aarch64 the stack protector's guard is a variable of glibc's own loader, which a musl system does not have.
protector=-fstack-protector-strong
[ "$arch" != aarch64 ] || protector=-fno-stack-protector
out=$classes/META-INF/native/linux-$arch
mkdir -p "$out"
"$cc" -std=c11 -O2 -g0 -fPIC -shared -fvisibility=hidden "$protector" -D_FORTIFY_SOURCE=2 \
    -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wno-missing-field-initializers \
    -ffile-prefix-map="$here"=. -I"$java_home/include" -I"$java_home/include/linux" \
    -Wl,-z,relro,-z,now,-z,noexecstack,--build-id=none,-soname,libsmc4j.so \
    -o "$out/libsmc4j.so" "$here/smc_socket.c" "$here/smc_jni.c"
