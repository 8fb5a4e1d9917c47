package org.millwright.identity;

import org.millwright.kernel.Problem;

/** Something that people own and share outside projects. */
public record Resource(Kind kind, String id) {
    /** What can be owned. */
    public enum Kind {
        EXPERIMENT,
        REGISTERED_MODEL
    }

    static final String SHARED_EXPERIMENT = "0";
    private static final int MAX_ID = 256;

    public Resource {
        if (id.isEmpty() || id.length() > MAX_ID || id.indexOf('\0') >= 0) {
            throw new Problem.Invalid("The name of a resource has 1 to " + MAX_ID + " characters and no NUL");
        }
    }

    public static Resource experiment(String id) {
        return new Resource(Kind.EXPERIMENT, id);
    }

    public static Resource experiment(long id) {
        return experiment(Long.toString(id));
    }

    public static Resource model(String name) {
        return new Resource(Kind.REGISTERED_MODEL, name);
    }

    /** Whether it is the experiment of runs that name none, which everyone who logs may use. */
    public boolean isShared() {
        return kind == Kind.EXPERIMENT && id.equals(SHARED_EXPERIMENT);
    }

    /** The resource as the ledger names it. */
    public String subject() {
        return (kind == Kind.EXPERIMENT ? "experiment:" : "model:") + id;
    }

    @Override
    public String toString() {
        return (kind == Kind.EXPERIMENT ? "experiment " : "registered model ") + id;
    }
}
