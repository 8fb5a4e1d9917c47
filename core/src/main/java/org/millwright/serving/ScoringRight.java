package org.millwright.serving;

import org.millwright.identity.Actor;
import org.millwright.kernel.Problem;

/** Says who may score: by the metadata, or in a process without any by what it was told. */
public interface ScoringRight {
    /** Refuses with {@link Problem.Denied} who may not score in the project. */
    void require(Actor by, String project);
}
