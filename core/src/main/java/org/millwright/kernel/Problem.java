package org.millwright.kernel;

/**
 * What a caller did that cannot be done, in one sentence: what, where, what was expected. {@link #next()} says what to do
 * about it. Adapters map each kind to their protocol's status and never show a stack trace.
 */
public sealed class Problem extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String next;

    private Problem(String message, String next) {
        super(message);
        this.next = next;
    }

    /** The next step for the caller, or "" when the message says it all. */
    public String next() {
        return next;
    }

    /** The caller's input is malformed or breaks a rule. */
    public static final class Invalid extends Problem {
        private static final long serialVersionUID = 1L;

        public Invalid(String message) {
            super(message, "");
        }

        public Invalid(String message, String next) {
            super(message, next);
        }
    }

    /** Nobody is known by these credentials. */
    public static final class Unauthenticated extends Problem {
        private static final long serialVersionUID = 1L;

        public Unauthenticated(String message) {
            super(message, "Send a token: Authorization: Bearer mw_…");
        }
    }

    /** The caller is known and may not do this. */
    public static final class Denied extends Problem {
        private static final long serialVersionUID = 1L;

        public Denied(String message, String next) {
            super(message, next);
        }
    }

    /** The named thing does not exist, or the caller may not know that it does. */
    public static final class NotFound extends Problem {
        private static final long serialVersionUID = 1L;

        public NotFound(String message) {
            super(message, "");
        }

        public NotFound(String message, String next) {
            super(message, next);
        }
    }

    /** The thing exists already or is in a state that does not allow this. */
    public static final class Conflict extends Problem {
        private static final long serialVersionUID = 1L;

        public Conflict(String message, String next) {
            super(message, next);
        }
    }

    /** A gate, a contract or a check says no. */
    public static final class Refused extends Problem {
        private static final long serialVersionUID = 1L;

        public Refused(String message, String next) {
            super(message, next);
        }
    }

    /** The input is larger than what is accepted. */
    public static final class TooLarge extends Problem {
        private static final long serialVersionUID = 1L;

        public TooLarge(String message, String next) {
            super(message, next);
        }
    }

    /** Nothing more can be kept until someone makes room: trying again does not help. */
    public static final class Full extends Problem {
        private static final long serialVersionUID = 1L;

        public Full(String message, String next, Throwable cause) {
            super(message, next);
            initCause(cause);
        }
    }

    /** Something this process needs is missing, full or down; trying again later may help. */
    public static final class Unavailable extends Problem {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message, String next) {
            super(message, next);
        }

        public Unavailable(String message, String next, Throwable cause) {
            super(message, next);
            initCause(cause);
        }
    }

    /** More is asked at this moment than fits: the same again a little later is answered. */
    public static final class Busy extends Problem {
        private static final long serialVersionUID = 1L;

        public Busy(String message, String next) {
            super(message, next);
        }

        public Busy(String message, String next, Throwable cause) {
            super(message, next);
            initCause(cause);
        }
    }
}
