package org.millwright.web.ui;

import org.millwright.approval.Approval;
import org.millwright.gate.Verdict;
import org.millwright.insight.Station;
import org.millwright.pipeline.StepStatus;
import org.millwright.project.Project;

/** The style class of a state: ok, live, warn, bad or idle; a word always stands beside it. */
public final class Tones {
    private Tones() {}

    public static String of(Station.Mood mood) {
        return switch (mood) {
            case OK -> "ok";
            case LIVE -> "live";
            case WARN -> "warn";
            case BAD -> "bad";
            case IDLE -> "idle";
        };
    }

    public static String of(org.millwright.pipeline.RunStatus status) {
        return switch (status) {
            case RUNNING -> "live";
            case SUCCEEDED -> "ok";
            case FAILED, REFUSED -> "bad";
            case CANCELLED -> "idle";
        };
    }

    public static String of(StepStatus status) {
        return switch (status) {
            case RUNNING -> "live";
            case SUCCEEDED, REUSED -> "ok";
            case FAILED, REFUSED -> "bad";
            case LOST -> "warn";
            case WAITING, CANCELLED -> "idle";
        };
    }

    public static String of(org.millwright.tracking.RunStatus status) {
        return switch (status) {
            case RUNNING -> "live";
            case FINISHED -> "ok";
            case FAILED, KILLED -> "bad";
            default -> "idle";
        };
    }

    public static String of(org.millwright.tracking.LoggedModel.Status status) {
        return switch (status) {
            case LOGGED_MODEL_READY -> "ok";
            case LOGGED_MODEL_UPLOAD_FAILED -> "bad";
            case LOGGED_MODEL_PENDING -> "live";
            case LOGGED_MODEL_STATUS_UNSPECIFIED -> "idle";
        };
    }

    public static String of(Project.State state) {
        return switch (state) {
            case ACTIVE -> "ok";
            case REQUESTED, PAUSED -> "warn";
            case REFUSED -> "bad";
            case RETIRED -> "idle";
        };
    }

    public static String of(Approval.State state) {
        return switch (state) {
            case APPROVED -> "ok";
            case PENDING, SENT_BACK -> "warn";
            case REFUSED, EXPIRED -> "bad";
            case VOID -> "idle";
        };
    }

    public static String of(Verdict.Outcome outcome) {
        return outcome == Verdict.Outcome.PASS ? "ok" : "bad";
    }

    public static String of(org.millwright.environment.Environment.State state) {
        return switch (state) {
            case READY -> "ok";
            case BUILDING -> "live";
            case FAILED -> "bad";
        };
    }

    public static String of(org.millwright.serving.DeployedVersion.Stage stage) {
        return switch (stage) {
            case PRODUCTION -> "ok";
            case SHADOW, CANARY -> "live";
            case STAGED -> "warn";
            case REFUSED -> "bad";
            case PREVIOUS, RETIRED -> "idle";
        };
    }

    public static String of(org.millwright.serving.Finding.State state) {
        return switch (state) {
            case PASSED -> "ok";
            case WAITING -> "idle";
            case FAILED -> "bad";
        };
    }

    public static String of(org.millwright.notification.Delivery.State state) {
        return switch (state) {
            case PENDING -> "live";
            case SENT -> "ok";
            case FAILED -> "bad";
            case REPLACED -> "idle";
        };
    }

    public static String of(org.millwright.monitor.Alert.State state) {
        return switch (state) {
            case OPEN -> "bad";
            case ACKNOWLEDGED -> "warn";
            case RESOLVED -> "ok";
        };
    }
}
