/*
 * A mark for lab/plugin/count_insns.c: an instruction that does nothing and that no compiler makes, nopl 0x534d4334(%rax,%rax,1).
 * Built by lab/bench: cc -shared -fPIC -O2 -Wall -Wextra -Werror -I JAVA_HOME/include -I JAVA_HOME/include/linux -o libmark.so mark.c
 */
#include <jni.h>

JNIEXPORT void JNICALL Java_io_smc4j_bench_Mark_execute(JNIEnv *env, jclass class)
{
	(void)env;
	(void)class;
	__asm__ volatile(".byte 0x0f, 0x1f, 0x84, 0x00, 0x34, 0x43, 0x4d, 0x53");
}
