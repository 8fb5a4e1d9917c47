package org.millwright.approval;

import java.util.Optional;
import org.millwright.identity.GovernedAction;
import org.millwright.kernel.Json;

/**
 * The wish to bring a model version into production.
 *
 * @param note what came of it, "" until something did
 * @param requestedAt milliseconds since the epoch
 */
public record Release(
        String id,
        String project,
        String model,
        long version,
        String deployment,
        State state,
        String note,
        String requestedBy,
        long requestedAt,
        long changedAt) {

    /** From the request to where roll-out got it. */
    public enum State {
        REQUESTED,
        APPROVED,
        REFUSED,
        /** A person asked for an answer first. */
        SENT_BACK,
        /** Nobody decided in time, or what it was about changed. */
        LAPSED,
        STAGED,
        CANARY,
        PRODUCTION,
        /** Was in production until another version took over; a rollback may return to it. */
        REPLACED,
        FAILED,
        ROLLED_BACK
    }

    public String ref() {
        return ref(id);
    }

    public static String ref(String id) {
        return "release:" + id;
    }

    public String modelRef() {
        return "model:" + model + "/" + version;
    }

    /** What is asked of policies once it is approved. */
    public GovernedAction deploy() {
        return new GovernedAction(
                GovernedAction.Kind.DEPLOY, modelRef(), deployment, Optional.of(project), Json.object());
    }
}
