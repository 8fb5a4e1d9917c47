package org.millwright.serving;

/** Says whether people agreed that a version may be deployed. */
@FunctionalInterface
public interface Clearance {
    /** Refuses, with a {@link org.millwright.kernel.Problem}, a version whose release was not approved. */
    void require(String model, String version, String bundle);
}
