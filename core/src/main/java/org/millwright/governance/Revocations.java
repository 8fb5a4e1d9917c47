package org.millwright.governance;

import java.util.List;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Problem;
import org.millwright.lineage.Certificate;
import org.millwright.lineage.Certificates;
import org.millwright.project.Project;
import org.millwright.registry.Models;
import org.millwright.registry.Versions;

/** Takes back that a model version may be used; what serves it is stopped by what follows from the ledger. */
public final class Revocations {
    private final Access access;
    private final Models models;
    private final Versions versions;
    private final Certificates certificates;

    public Revocations(Access access, Models models, Versions versions, Certificates certificates) {
        this.access = access;
        this.models = models;
        this.versions = versions;
        this.certificates = certificates;
    }

    /** Needs a reason, no approval: whoever may roll back may do it. */
    public Certificate revoke(Actor by, String model, long version, String reason) {
        if (reason.isBlank()) {
            throw new Problem.Invalid(
                    "A revocation needs a reason", "mw model revoke " + model + "/" + version + " --reason …");
        }
        String subject = versions.get(Actor.SYSTEM, model, version).subject();
        String project = models.get(Actor.SYSTEM, model).project().orElse("");
        access.require(by, Permission.ROLL_BACK, project);
        return certificates.revoke(by, subject, reason, List.of("model:" + model, Project.ref(project)));
    }
}
