package org.millwright.factory;

import java.util.List;
import org.millwright.alert.Alerts;
import org.millwright.alert.Subject;
import org.millwright.identity.Users;
import org.millwright.ledger.Entry;
import org.millwright.policy.Policy;
import org.millwright.policy.PolicyVersion;
import org.millwright.policy.Proposals;

/** From a policy's version that was published to an alert for those who may put it in force, until somebody decides. */
public final class Activating {
    private static final int URGENCY = 2;

    private final Proposals proposals;
    private final Users users;
    private final Alerts alerts;

    public Activating(Proposals proposals, Users users, Alerts alerts) {
        this.proposals = proposals;
        this.users = users;
        this.alerts = alerts;
    }

    /** Names the reactions of this file. */
    public void register(Outbox outbox) {
        outbox.on("policy.published", this::published)
                .on("policy.activated", this::decided)
                .on("policy.refused", this::decided);
    }

    private void published(Entry entry) {
        String digest = entry.details().path("digest").asText();
        if (users.list().isEmpty()) {
            return;
        }
        proposals.waiting().stream()
                .filter(version ->
                        entry.subject().equals(Policy.ref(version.name())) && digest.equals(version.digest()))
                .forEach(this::tell);
    }

    private void tell(PolicyVersion version) {
        String ref = Policy.ref(version.name());
        List<String> deciders = proposals.deciders(version);
        alerts.decisionDue(
                new Alerts.Asked(ref, new Subject(ref), new Alerts.Target("", "", "", ""), "", URGENCY),
                "Version " + version.digest().substring(0, 12) + " of policy " + version.name() + ", which "
                        + users.nameOf(version.publishedBy())
                        + " published, counts for nothing until another person puts it in force; it is for "
                        + (deciders.isEmpty()
                                ? "nobody yet: mw user grant NAME approver"
                                : String.join(", ", deciders) + ": mw approve " + ref + " --reason …"));
    }

    private void decided(Entry entry) {
        boolean waits =
                proposals.waiting().stream().anyMatch(version -> entry.subject().equals(Policy.ref(version.name())));
        if (!waits) {
            alerts.decisionEnds(
                    entry.subject(), "the version is " + entry.action().substring("policy.".length()));
        }
    }
}
