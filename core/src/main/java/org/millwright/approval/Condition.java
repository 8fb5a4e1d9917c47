package org.millwright.approval;

import java.util.Optional;

/**
 * What must be done after an approval was given.
 *
 * @param subject what was approved under it, such as {@code release:…}
 * @param measure an expression by which a policy can tell whether it is met; "" where people say so
 * @param dueAt milliseconds since the epoch, as the other times
 */
public record Condition(
        String id,
        String approval,
        String subject,
        String project,
        String model,
        String text,
        String measure,
        long dueAt,
        String setBy,
        long setAt,
        Optional<Met> met) {

    /** A condition as an approver states it. */
    public record Wanted(String text, String measure, long dueAt) {}

    /** Who says that it is met, and how. */
    public record Met(String by, long at, String note) {}

    public boolean isOverdue(long now) {
        return met.isEmpty() && dueAt <= now;
    }

    public String state(long now) {
        return met.isPresent() ? "met" : isOverdue(now) ? "overdue" : "open";
    }
}
