package org.millwright.tracking;

import org.jspecify.annotations.Nullable;
import org.millwright.kernel.Problem;

/**
 * A file or a folder of the artifact tree.
 *
 * @param path from the tree's root, parts joined by "/"
 * @param sha256 hash of the bytes; null for a folder
 * @param size bytes; 0 for a folder
 */
public record ArtifactFile(String path, @Nullable String sha256, long size) {
    public boolean isFolder() {
        return sha256 == null;
    }

    /** The last part of the path. */
    public String name() {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** The hash of a file's bytes. */
    public String hash() {
        if (sha256 == null) {
            throw new Problem.Invalid("'" + path + "' is a folder");
        }
        return sha256;
    }
}
