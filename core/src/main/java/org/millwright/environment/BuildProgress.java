package org.millwright.environment;

/** What building an environment does at the moment, in words for a person. */
public record BuildProgress(Phase phase, String text) {
    /** In the order they happen; those that are not needed are left out. */
    public enum Phase {
        PREPARING,
        RESOLVING,
        DOWNLOADING,
        INSTALLING,
        READY
    }
}
