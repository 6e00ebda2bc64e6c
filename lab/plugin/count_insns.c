/*
 * A plugin of QEMU's emulator: how many guest instructions were executed at which address, between marks.
 *
 * A mark is the guest's execution of the no-operation MARK. At each, the counts since the one before are written to the file that the plugin's argument "out"
 * names, a line "ADDRESS INSTRUCTIONS" (hexadecimal, decimal) for each block that was executed and a line "end", and counting begins anew.
 * For guests with one processor. Built by lab/bench: cc -shared -fPIC.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * What is used of QEMU's plugin interface, version 1 (QEMU 6.0 to 8.2, docs/devel/tcg-plugins.rst there). Debian packages no header with it.
 */
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef uint64_t qemu_plugin_id_t;
enum { PLUGIN_INTERFACE = 1, INLINE_ADD_U64 = 0, CB_NO_REGS = 0 };
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id, void (*translated)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *tb, int operation, void *number, uint64_t operand);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn, void (*executed)(unsigned int, void *), int flags, void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t index);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);

__attribute__((visibility("default"))) int qemu_plugin_version = PLUGIN_INTERFACE;

/* nopl 0x534d4334(%rax,%rax,1): does nothing, and no compiler makes it. As in smc-jmh/src/main/c/mark.c. */
static const unsigned char MARK[] = {0x0f, 0x1f, 0x84, 0x00, 0x34, 0x43, 0x4d, 0x53};

struct block {
	uint64_t address;
	uint64_t instructions;
	struct block *next;
};

enum { BUCKETS = 1 << 18 };

static struct block *blocks[BUCKETS];
static FILE *out;

/* Blocks live as long as QEMU: translated code holds their address. */
static struct block *block_at(uint64_t address)
{
	struct block **bucket = &blocks[(address ^ address >> 18) % BUCKETS];
	struct block *b;

	for (b = *bucket; b; b = b->next)
		if (b->address == address)
			return b;
	b = calloc(1, sizeof(*b));
	if (!b)
		abort();
	b->address = address;
	b->next = *bucket;
	*bucket = b;
	return b;
}

static void marked(unsigned int processor, void *unused)
{
	size_t i;
	struct block *b;

	(void)processor;
	(void)unused;
	for (i = 0; i < BUCKETS; i++) {
		for (b = blocks[i]; b; b = b->next) {
			if (b->instructions)
				fprintf(out, "%" PRIx64 " %" PRIu64 "\n", b->address, b->instructions);
			b->instructions = 0;
		}
	}
	fputs("end\n", out);
	fflush(out);
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t i, n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	qemu_plugin_register_vcpu_tb_exec_inline(tb, INLINE_ADD_U64, &block_at(qemu_plugin_tb_vaddr(tb))->instructions, n);
	for (i = 0; i < n; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);

		if (qemu_plugin_insn_size(insn) == sizeof(MARK) && !memcmp(qemu_plugin_insn_data(insn), MARK, sizeof(MARK)))
			qemu_plugin_register_vcpu_insn_exec_cb(insn, marked, CB_NO_REGS, NULL);
	}
}

__attribute__((visibility("default"))) int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4)) {
		fprintf(stderr, "count_insns: the argument is out=FILE\n");
		return -1;
	}
	out = fopen(argv[0] + 4, "w");
	if (!out) {
		perror(argv[0] + 4);
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	return 0;
}
