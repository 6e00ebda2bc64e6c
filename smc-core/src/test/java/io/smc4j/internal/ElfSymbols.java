package io.smc4j.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a 64-bit shared library asks of the system that loads it, read from its file in either byte order (elf.h).
 *
 * <p>{@code Elf64_Shdr}: type@4, offset@24, size@32, link@40, info@44, entsize@56 (64 bytes). {@code Elf64_Sym}: name@0, info@4, shndx@6 (24 bytes).
 * {@code Elf64_Dyn}: tag@0, value@8. {@code Elf64_Verneed}: cnt@2, file@4, aux@8, next@12. {@code Elf64_Vernaux}: name@8, next@12.
 * {@code Elf64_Phdr}: type@0, flags@4 (56 bytes).
 */
final class ElfSymbols {

    private static final int SHT_DYNAMIC = 6;
    private static final int SHT_DYNSYM = 11;
    private static final int SHT_GNU_VERNEED = 0x6ffffffe;
    private static final int DT_NEEDED = 1;
    private static final int DT_FLAGS = 30;
    private static final int DF_BIND_NOW = 8;
    private static final int PT_GNU_STACK = 0x6474e551;
    private static final int PT_GNU_RELRO = 0x6474e552;
    private static final int PF_X = 1;

    /** Symbols that something else has to define; weak ones are left out. */
    final Set<String> undefined = new TreeSet<>();
    /** Symbols that it defines for others. */
    final Set<String> exported = new TreeSet<>();
    /** Versions of other libraries' symbols that it needs. */
    final Set<String> versions = new TreeSet<>();
    /** Libraries that it needs. */
    final Set<String> needed = new TreeSet<>();
    final boolean executableStack;
    /** Every relocation is made at load, and what was relocated is read-only from then on. */
    final boolean fullRelro;

    private final ByteBuffer file;

    ElfSymbols(Path path) throws IOException {
        file = ByteBuffer.wrap(Files.readAllBytes(path));
        file.order(file.get(5) == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        Map<Integer, List<Integer>> sections = new HashMap<>();
        int headers = (int) file.getLong(40);
        for (int i = 0; i < file.getShort(60); i++) {
            int at = headers + 64 * i;
            sections.computeIfAbsent(file.getInt(at + 4), t -> new ArrayList<>()).add(at);
        }
        symbols(sections.get(SHT_DYNSYM).get(0));
        for (int at : sections.getOrDefault(SHT_GNU_VERNEED, List.of())) {
            neededVersions(at);
        }
        boolean now = dynamic(sections.get(SHT_DYNAMIC).get(0));
        boolean stack = true; // no header: executable
        boolean relro = false;
        for (int i = 0; i < file.getShort(56); i++) {
            int at = (int) file.getLong(32) + 56 * i;
            if (file.getInt(at) == PT_GNU_STACK) {
                stack = (file.getInt(at + 4) & PF_X) != 0;
            }
            relro |= file.getInt(at) == PT_GNU_RELRO;
        }
        executableStack = stack;
        fullRelro = now && relro;
    }

    private void symbols(int section) {
        int strings = strings(section);
        for (int at = offset(section) + 24; at < offset(section) + size(section); at += 24) {
            boolean weak = file.get(at + 4) >> 4 == 2;
            String name = string(strings + file.getInt(at));
            if (name.isEmpty()) {
                continue; // a section's
            }
            if (file.getShort(at + 6) != 0) {
                exported.add(name);
            } else if (!weak) {
                undefined.add(name);
            }
        }
    }

    private void neededVersions(int section) {
        int strings = strings(section);
        int at = offset(section);
        for (int i = 0; i < file.getInt(section + 44); i++) {
            int aux = at + file.getInt(at + 8);
            for (int j = 0; j < file.getShort(at + 2); j++) {
                versions.add(string(strings + file.getInt(aux + 8)));
                aux += file.getInt(aux + 12);
            }
            at += file.getInt(at + 12);
        }
    }

    /** Answers whether the library asks for all relocations at load. */
    private boolean dynamic(int section) {
        boolean now = false;
        for (int at = offset(section); at < offset(section) + size(section); at += 16) {
            long tag = file.getLong(at);
            if (tag == DT_NEEDED) {
                needed.add(string(strings(section) + (int) file.getLong(at + 8)));
            }
            now |= tag == DT_FLAGS && (file.getLong(at + 8) & DF_BIND_NOW) != 0;
        }
        return now;
    }

    private int offset(int section) {
        return (int) file.getLong(section + 24);
    }

    private int size(int section) {
        return (int) file.getLong(section + 32);
    }

    /** Where the strings of a section begin. */
    private int strings(int section) {
        return offset((int) file.getLong(40) + 64 * file.getInt(section + 40));
    }

    private String string(int at) {
        int end = at;
        while (file.get(end) != 0) {
            end++;
        }
        return new String(file.array(), at, end - at, StandardCharsets.US_ASCII);
    }
}
