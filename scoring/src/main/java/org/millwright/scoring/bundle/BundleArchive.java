package org.millwright.scoring.bundle;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.millwright.scoring.signing.Untrusted;

/** A bundle as one file: a zip whose bytes depend on the folder's content only. */
public final class BundleArchive {
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);
    private static final int MOST_FILES = 10_000;
    private static final long MOST_BYTES = 8L << 30;

    private BundleArchive() {}

    /** Writes all files of the folder, sorted, with a fixed time. */
    public static void pack(Path folder, OutputStream out) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        ZipOutputStream zip = new ZipOutputStream(out);
        for (Path file : files) {
            ZipEntry entry = new ZipEntry(folder.relativize(file).toString().replace('\\', '/'));
            entry.setTimeLocal(TIME);
            zip.putNextEntry(entry);
            Files.copy(file, zip);
            zip.closeEntry();
        }
        zip.finish();
    }

    /**
     * Writes an archive's files into a new folder. Verify the folder afterwards: unpacking checks names and sizes only.
     *
     * @throws Untrusted when a name leaves the folder or occurs twice, or there is too much
     */
    public static void unpack(InputStream in, Path folder) throws IOException {
        Files.createDirectory(folder);
        try (ZipInputStream zip = new ZipInputStream(in)) {
            long left = MOST_BYTES;
            int files = 0;
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (++files > MOST_FILES) {
                    throw new Untrusted("the bundle archive has more than " + MOST_FILES + " files");
                }
                left -= write(zip, target(folder, entry), left);
            }
        } catch (ZipException e) {
            throw new Untrusted("the bundle archive is damaged: " + e.getMessage(), e);
        }
    }

    private static Path target(Path folder, ZipEntry entry) {
        String name = entry.getName();
        boolean odd = name.isEmpty() || name.indexOf('\0') >= 0 || name.startsWith("/") || name.contains("\\");
        Path target = odd ? folder : folder.resolve(name).normalize();
        if (entry.isDirectory() || target.equals(folder) || !target.startsWith(folder) || name.contains("..")) {
            throw new Untrusted("the bundle archive holds a name that is no plain file inside it");
        }
        return target;
    }

    private static long write(InputStream in, Path target, long left) throws IOException {
        if (Files.exists(target)) {
            throw new Untrusted("the bundle archive holds '" + target.getFileName() + "' twice");
        }
        Files.createDirectories(target.getParent());
        long written = 0;
        byte[] chunk = new byte[65_536];
        try (OutputStream out = Files.newOutputStream(target)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                written += n;
                if (written > left) {
                    throw new Untrusted("the bundle archive unpacks to more than " + MOST_BYTES + " bytes");
                }
                out.write(chunk, 0, n);
            }
        }
        return written;
    }
}
