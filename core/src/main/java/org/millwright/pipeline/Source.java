package org.millwright.pipeline;

/**
 * The files of a project folder as they were when a run was asked for.
 *
 * @param manifest digest of the tree of files, see {@link Trees}
 * @param commit git commit that they are from, "" when the folder is no git repository
 * @param dirty whether files differ from that commit
 * @param createdAt milliseconds since the epoch
 */
public record Source(
        String id,
        String project,
        String manifest,
        String commit,
        boolean dirty,
        int files,
        long bytes,
        String createdBy,
        long createdAt) {}
