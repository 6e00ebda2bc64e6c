package io.smc4j.cli;

import java.io.IOException;
import java.nio.file.DirectoryStream;
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

    /** Inode to {@code "PID/name"}; of several processes with one socket, the first found. */
    static Map<Long, String> bySocket(Set<Long> inodes) {
        Map<Long, String> owners = new HashMap<>();
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
            for (Path process : processes) {
                if (owners.size() == inodes.size()) {
                    break;
                }
                ofProcess(process, inodes, owners);
            }
        } catch (IOException e) {
            return owners; // without /proc nobody is named
        }
        return owners;
    }

    private static void ofProcess(Path process, Set<Long> inodes, Map<Long, String> owners) {
        String name = null;
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path d : descriptors) {
                Long inode = inode(d);
                if (inode != null && inodes.contains(inode)) {
                    if (name == null) {
                        name = process.getFileName() + "/" + Files.readString(process.resolve("comm")).strip();
                    }
                    owners.putIfAbsent(inode, name);
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            return; // ended meanwhile, or another user's
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
