package org.millwright.policy;

/**
 * A text that was published, or came with Millwright.
 *
 * @param publishedBy id of who published it; Millwright's own for one that came with it
 * @param publishedAt milliseconds since the epoch; 0 for one that came with Millwright
 */
public record PolicyVersion(
        String name, String digest, String text, boolean builtIn, String publishedBy, long publishedAt) {}
