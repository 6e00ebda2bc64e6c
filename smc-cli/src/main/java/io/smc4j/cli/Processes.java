package io.smc4j.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Which process holds a socket: {@code /proc/PID/fd/*} names sockets by inode. Other users' processes are seen by root alone. */
final class Processes {

    private static final String SOCKET = "socket:[";

    private Processes() {
    }

    /** Inode to {@code "PID/name"}; of several processes with one socket, the first found. Without /proc nobody is named. */
    static Map<Long, String> bySocket(Set<Long> inodes) {
        Map<Long, String> owners = new HashMap<>();
        for (String process : names("/proc")) {
            if (owners.size() == inodes.size()) {
                break;
            }
            if (Character.isDigit(process.charAt(0))) {
                ofProcess(process, inodes, owners);
            }
        }
        return owners;
    }

    private static void ofProcess(String process, Set<Long> inodes, Map<Long, String> owners) {
        String name = null;
        String directory = "/proc/" + process + "/fd/";
        for (String descriptor : names(directory)) {
            Long inode = inode(Path.of(directory + descriptor));
            if (inode != null && inodes.contains(inode)) {
                if (name == null) {
                    name = process + "/" + comm(process);
                }
                owners.putIfAbsent(inode, name);
            }
        }
    }

    /** By java.io: with thousands of descriptors a stream of paths costs several times as much. Nothing where it cannot be read. */
    private static String[] names(String directory) {
        String[] names = new File(directory).list();
        return names == null ? new String[0] : names;
    }

    private static String comm(String process) {
        try {
            return Files.readString(Path.of("/proc/" + process + "/comm")).strip();
        } catch (IOException e) {
            return "?"; // ended meanwhile
        }
    }

    private static Long inode(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith(SOCKET) ? Long.valueOf(target.substring(SOCKET.length(), target.length() - 1)) : null;
        } catch (IOException | NumberFormatException e) {
            return null; // closed meanwhile
        }
    }
}
