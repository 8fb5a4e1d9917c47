package org.millwright.app.cli;

import org.millwright.kernel.Problem;

/** Exit codes that scripts can rely on. */
public final class Exit {
    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int NOT_FOUND = 3;
    public static final int FORBIDDEN = 4;
    public static final int CONFLICT = 5;
    public static final int REFUSED = 6;
    public static final int WAITING = 7;
    public static final int UNREACHABLE = 8;

    private Exit() {}

    static int of(Problem problem) {
        return switch (problem) {
            case Problem.Invalid p -> USAGE;
            case Problem.TooLarge p -> USAGE;
            case Problem.NotFound p -> NOT_FOUND;
            case Problem.Unauthenticated p -> FORBIDDEN;
            case Problem.Denied p -> FORBIDDEN;
            case Problem.Conflict p -> CONFLICT;
            case Problem.Refused p -> REFUSED;
            case Problem.Unavailable p -> UNREACHABLE;
            default -> FAILED;
        };
    }
}
