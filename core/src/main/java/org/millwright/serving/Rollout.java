package org.millwright.serving;

/** What is under way beside a deployment's production version. */
public sealed interface Rollout {
    /** Nothing. */
    record None() implements Rollout {}

    /** A version passed its smoke test and answers only requests that name it. */
    record Staged(String version) implements Rollout {}

    /**
     * A version answers a share of the requests.
     *
     * @param percent share in percent, 1 to 100; all requests while nothing is in production
     * @param minRequests requests that it must have answered before it may be promoted
     */
    record Canary(String version, int percent, int minRequests) implements Rollout {}
}
