package org.millwright.serving;

import java.util.Optional;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Problem;

/** Says who may score: by the metadata, or in a process without any by what it was told. */
public interface ScoringRight {
    /** Whether the actor may read in the project, or score there. */
    boolean allows(Actor by, Permission permission, String project);

    /** Refuses with {@link Problem.Denied} who may not score in the project. */
    void require(Actor by, String project);

    /** By the metadata. */
    static ScoringRight by(Access access) {
        return new ScoringRight() {
            @Override
            public boolean allows(Actor by, Permission permission, String project) {
                return access.allows(by, permission, Optional.of(project));
            }

            @Override
            public void require(Actor by, String project) {
                access.require(by, Permission.SCORE, project);
            }
        };
    }
}
