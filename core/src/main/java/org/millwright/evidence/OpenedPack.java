package org.millwright.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Enumeration;
import java.util.HexFormat;
import java.util.Map;
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

    java.util.Set<String> names() {
        return entries.keySet();
    }

    boolean has(String name) {
        return entries.containsKey(name);
    }

    InputStream stream(String name) throws IOException {
        ZipEntry entry = entries.get(name);
        if (entry == null) {
            throw new Untrusted("it has no " + name);
        }
        return zip.getInputStream(entry);
    }

    byte[] bytes(String name) {
        try (InputStream in = stream(name)) {
            byte[] bytes = in.readNBytes(MOST_READ + 1);
            if (bytes.length > MOST_READ) {
                throw new Untrusted(name + " is larger than " + MOST_READ + " bytes");
            }
            return bytes;
        } catch (ZipException e) {
            throw new Untrusted(name + " is damaged: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(String name) {
        return new String(bytes(name), java.nio.charset.StandardCharsets.UTF_8);
    }

    String sha256(String name) {
        MessageDigest digest = Pack.sha256();
        try (InputStream in = new DigestInputStream(stream(name), digest)) {
            in.transferTo(java.io.OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.digest());
        } catch (ZipException e) {
            throw new Untrusted(name + " is damaged: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
