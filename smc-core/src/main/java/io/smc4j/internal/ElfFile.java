package io.smc4j.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;

/**
 * Looks at a library before the dynamic loader does: that one maps a file as its headers say and is killed by SIGBUS, the JVM with it, where the
 * file is cut short; and for a file that is no ELF the JVM warns about its stack guard.
 *
 * <p>{@code Elf64_Ehdr}: ident[16], type@16, machine@18, phoff@32, shoff@40, phentsize@54, phnum@56, shentsize@58, shnum@60 (64 bytes).
 * {@code Elf64_Phdr}: type@0, offset@8, filesz@32.
 */
final class ElfFile {

    private static final int HEADER = 64;
    private static final int MAGIC = 0x7f454c46;
    private static final int CLASS_64 = 2;
    private static final int LITTLE_ENDIAN = 1;
    private static final int BIG_ENDIAN = 2;
    private static final int SHARED_OBJECT = 3;
    private static final int PROGRAM_HEADER = 56;
    private static final int PT_LOAD = 1;
    /** {@code EM_*} of elf.h for the JVM's names of machines. */
    private static final Map<String, Integer> MACHINES = Map.of("amd64", 62, "aarch64", 183, "riscv64", 243, "ppc64le", 21, "s390x", 22, "loongarch64", 258);

    private ElfFile() {
    }

    /**
     * What keeps {@code file} from being loaded into a JVM of this machine, or null where nothing of what is looked at does.
     *
     * @param arch the JVM's {@code os.arch}
     */
    static String problem(Path file, String arch) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            ByteBuffer header = read(channel, 0, HEADER);
            if (header == null || header.getInt(0) != MAGIC) {
                return "not an ELF file";
            }
            int data = header.get(5);
            if (header.get(4) != CLASS_64 || data != LITTLE_ENDIAN && data != BIG_ENDIAN) {
                return "not a 64-bit ELF file";
            }
            header.order(data == LITTLE_ENDIAN ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
            int machine = Short.toUnsignedInt(header.getShort(18));
            if (header.getShort(16) != SHARED_OBJECT || machine != MACHINES.getOrDefault(arch, machine)) {
                return "not a shared library for " + arch + " (ELF type " + header.getShort(16) + ", machine " + machine + ")";
            }
            return isComplete(channel, header) ? null : "the file is cut short at " + channel.size() + " bytes";
        }
    }

    private static boolean isComplete(FileChannel channel, ByteBuffer header) throws IOException {
        long size = channel.size();
        int sections = Short.toUnsignedInt(header.getShort(58)) * Short.toUnsignedInt(header.getShort(60));
        if (!isWithin(header.getLong(40), sections, size)) {
            return false;
        }
        int count = Short.toUnsignedInt(header.getShort(56));
        if (count > 0 && header.getShort(54) != PROGRAM_HEADER) {
            return false;
        }
        ByteBuffer programs = read(channel, header.getLong(32), count * PROGRAM_HEADER);
        if (programs == null) {
            return false;
        }
        programs.order(header.order());
        for (int at = 0; at < programs.limit(); at += PROGRAM_HEADER) {
            if (programs.getInt(at) == PT_LOAD && !isWithin(programs.getLong(at + 8), programs.getLong(at + 32), size)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWithin(long offset, long length, long size) {
        return offset >= 0 && length >= 0 && length <= size && offset <= size - length;
    }

    /** Null where the file has not so much. */
    private static ByteBuffer read(FileChannel channel, long offset, int length) throws IOException {
        if (!isWithin(offset, length, channel.size())) {
            return null;
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.hasRemaining() && channel.read(bytes, offset + bytes.position()) > 0) {
            // goes on
        }
        return bytes.hasRemaining() ? null : bytes.flip();
    }
}
