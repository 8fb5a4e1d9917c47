package org.millwright.approval;

import java.util.List;
import java.util.Map;
import org.millwright.identity.Actor;

/** What is known of the subjects of a kind; each is called within the transaction of the request or decision. */
interface Matter {
    /** Digests of everything that a decision is about, as they are now. */
    Map<String, String> digests(String subject);

    /** Other assets whose histories tell who decided. */
    List<String> concerned(String subject);

    /** The model that it is about. */
    String model(String subject);

    /** Draws the consequence in the name of who decided. */
    void decided(Actor by, Approval approval);

    /** The same request for what the subject is now, by whoever may ask for it. */
    Approvals.Request again(Actor by, Approval before);

    /** Follows from being asked for again. */
    default void askedAgain(Actor by, Approval approval) {}

    /** Refuses what may not be granted, though people would. */
    default void requireGrantable(Approval approval) {}

    /** What stands beside the evidence and may change while a request waits, by name. */
    default Map<String, Object> context(String subject) {
        return Map.of();
    }
}
