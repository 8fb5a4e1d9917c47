package org.millwright.project;

import java.util.Optional;

/**
 * Something that was said about a project's request or at a review.
 *
 * @param digest of the file that it was said about
 * @param question id of the question that an answer is to
 * @param at milliseconds since the epoch
 */
public record ProjectNote(
        String id,
        String project,
        String digest,
        Kind kind,
        Optional<String> question,
        String by,
        long at,
        String text) {
    /** What kind of saying it is. */
    public enum Kind {
        QUESTION,
        ANSWER,
        SENT_BACK,
        REVIEW
    }
}
