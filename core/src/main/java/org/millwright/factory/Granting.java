package org.millwright.factory;

import java.util.stream.Collectors;
import org.millwright.approval.Approval;
import org.millwright.approval.Approvals;
import org.millwright.approval.Release;
import org.millwright.approval.Releases;
import org.millwright.gate.Decision;
import org.millwright.gate.PolicyGate;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the request for the release of a retrained version to its approval, within the limits that a policy grants. */
public final class Granting {
    private static final Logger LOG = LoggerFactory.getLogger(Granting.class);
    private static final String RELEASE = "release:";

    private final Approvals approvals;
    private final Releases releases;
    private final PolicyGate gate;

    public Granting(Approvals approvals, Releases releases, PolicyGate gate) {
        this.approvals = approvals;
        this.releases = releases;
        this.gate = gate;
    }

    /** Names the reactions of this file. */
    public void register(Outbox outbox) {
        outbox.on("approval.requested", this::requested);
    }

    private void requested(Entry entry) {
        entry.subjects().stream()
                .filter(subject -> subject.startsWith("approval:"))
                .findFirst()
                .map(approvals::newest)
                .filter(approval -> approval.subject().startsWith(RELEASE)
                        && approval.state() == Approval.State.PENDING
                        && approval.needed() == 1)
                .ifPresent(this::look);
    }

    private void look(Approval approval) {
        Release release = releases.get(approval.subject().substring(RELEASE.length()));
        try {
            gate.grant(release.deploy()).ifPresent(decision -> approvals.grant(approval.id(), told(decision)));
        } catch (Problem.Refused e) {
            LOG.info("{} is granted by no policy, and waits for people: {}", release.ref(), e.getMessage());
        }
    }

    private static String told(Decision decision) {
        return "Granted by "
                + decision.policies().stream()
                        .map(judged -> "policy " + judged.name() + " "
                                + judged.digest().substring(0, 12))
                        .collect(Collectors.joining(", "))
                + ": mw policy explain " + decision.ref();
    }
}
