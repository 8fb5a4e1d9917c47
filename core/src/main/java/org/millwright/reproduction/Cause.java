package org.millwright.reproduction;

/** The likely cause why a model that was made again differs, or cannot be made again. */
public enum Cause {
    /** Nothing differs. */
    NONE("nothing differs"),
    DEPENDENCY("a package is not the one that was installed then"),
    SEED("the code draws random numbers without a fixed seed, or reads the clock"),
    THREADS("the result depends on the order in which threads finish"),
    HARDWARE("another processor or system computes in another order"),
    MILLWRIGHT("this Millwright does the step otherwise than the one that recorded it"),
    UNSTABLE("the step gives something else each time, by its own doing"),
    UNKNOWN(
            "the step gives the same each time, but not what was recorded: it depends on something outside of the record"),
    PACKAGE_GONE("a package of the lock is not in its index any more"),
    PACKAGE_ALTERED("the index has another file under a locked name"),
    LOCK_MISSING("the lock of its environment is missing"),
    INTERPRETER_MISSING("the Python it was made with is not installed"),
    CODE_MISSING("its code is not kept any more"),
    DATA_COLLECTED("its data is not kept any more"),
    NO_RECORD("no pipeline run of this server is recorded for it"),
    STEP_FAILED("a step that succeeded then fails now");

    private final String words;

    Cause(String words) {
        this.words = words;
    }

    public String words() {
        return words;
    }
}
