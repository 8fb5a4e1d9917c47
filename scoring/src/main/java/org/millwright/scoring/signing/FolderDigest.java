package org.millwright.scoring.signing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The SHA-256 of every file of a folder, by path with forward slashes. */
public final class FolderDigest {
    /** Orders paths by their components, as model signing lists them: {@code a/b} before {@code a.txt}. */
    static final Comparator<String> BY_COMPONENTS = FolderDigest::compare;

    private FolderDigest() {}

    /**
     * Digests all files but those below {@code ignored} top-level names.
     *
     * @throws Untrusted when the folder holds a symbolic link or anything that is no plain file
     */
    public static Map<String, String> of(Path folder, Set<String> ignored) {
        Map<String, String> digests = new TreeMap<>(BY_COMPONENTS);
        for (Path path : paths(folder)) {
            Path relative = folder.relativize(path);
            if (ignored.contains(relative.getName(0).toString())) {
                continue;
            }
            String name = name(relative);
            if (Files.isSymbolicLink(path)) {
                throw new Untrusted("'" + name + "' is a symbolic link: a signed folder holds plain files only");
            }
            if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                digests.put(name, digest(path));
            } else if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                throw new Untrusted("'" + name + "' is neither a file nor a folder");
            }
        }
        return digests;
    }

    /** The hex SHA-256 of one file. */
    public static String digest(Path file) {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digesting = new DigestInputStream(in, sha256())) {
            digesting.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digesting.getMessageDigest().digest());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read '" + file.getFileName() + "' to verify it", e);
        }
    }

    /** The SHA-256 over the raw digests one after the other in the order given. */
    static String root(Collection<String> digests) {
        MessageDigest sha256 = sha256();
        digests.forEach(digest -> sha256.update(HexFormat.of().parseHex(digest)));
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static List<Path> paths(Path folder) {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(path -> !path.equals(folder)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the folder '" + folder.getFileName() + "'", e);
        }
    }

    private static String name(Path relative) {
        StringBuilder name = new StringBuilder();
        for (Path part : relative) {
            name.append(name.length() == 0 ? "" : "/").append(part);
        }
        return name.toString();
    }

    private static int compare(String a, String b) {
        String[] left = a.split("/");
        String[] right = b.split("/");
        for (int i = 0; i < Math.min(left.length, right.length); i++) {
            int order = codePoints(left[i], right[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(left.length, right.length);
    }

    private static int codePoints(String a, String b) {
        int[] left = a.codePoints().toArray();
        int[] right = b.codePoints().toArray();
        return Arrays.compare(left, right);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
