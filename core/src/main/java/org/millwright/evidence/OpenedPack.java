package org.millwright.evidence;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.millwright.kernel.Problem;
import org.millwright.scoring.signing.Untrusted;

/** A pack that somebody brought: its names checked, its sizes limited, nothing of it believed. */
final class OpenedPack implements AutoCloseable {
    private static final int MOST_FILES = 25_000;
    private static final long MOST_BYTES = 2L << 30;
    private static final int MOST_READ = 64 << 20;

    private final ZipFile zip;
    private final Map<String, ZipEntry> entries = new TreeMap<>();

    private OpenedPack(ZipFile zip) {
        this.zip = zip;
    }

    static OpenedPack open(Path file) {
        try {
            var pack = new OpenedPack(new ZipFile(file.toFile()));
            try {
                pack.list();
                return pack;
            } catch (RuntimeException e) {
                pack.close();
                throw e;
            }
        } catch (ZipException e) {
            throw new Untrusted("it is no zip file: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Problem.NotFound("No file " + file + " that can be read");
        }
    }

    private void list() {
        long left = MOST_BYTES;
        for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
            ZipEntry entry = all.nextElement();
            String name = entry.getName();
            if (entry.isDirectory() || name.startsWith("/") || name.contains("\\") || name.contains("..")) {
                throw new Untrusted("it holds '" + name + "', which is no plain file inside it");
            }
            if (entries.putIfAbsent(name, entry) != null) {
                throw new Untrusted("it holds '" + name + "' twice");
            }
            left -= Math.max(0, entry.getSize());
            if (entries.size() > MOST_FILES || left < 0) {
                throw new Untrusted("it holds more than " + MOST_FILES + " files or " + MOST_BYTES + " bytes");
            }
        }
    }

    Set<String> names() {
        return entries.keySet();
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    /** Copies a file's bytes; what unpacks to more than its size says ends it. */
    void copy(String name, OutputStream out) {
        ZipEntry entry = entries.get(name);
        if (entry == null) {
            throw new Untrusted("it has no " + name);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            long left = entry.getSize();
            var chunk = new byte[65_536];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                left -= n;
                if (left < 0) {
                    throw new Untrusted(name + " unpacks to more than its size says");
                }
                out.write(chunk, 0, n);
            }
        } catch (ZipException | EOFException e) {
            throw new Untrusted(name + " is damaged: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    byte[] bytes(String name) {
        ZipEntry entry = entries.get(name);
        if (entry != null && entry.getSize() > MOST_READ) {
            throw new Untrusted(name + " is larger than " + MOST_READ + " bytes");
        }
        var out = new ByteArrayOutputStream();
        copy(name, out);
        return out.toByteArray();
    }

    String text(String name) {
        return new String(bytes(name), StandardCharsets.UTF_8);
    }

    String sha256(String name) {
        MessageDigest digest = Pack.sha256();
        copy(name, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
