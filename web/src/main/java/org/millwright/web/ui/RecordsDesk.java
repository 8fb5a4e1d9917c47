package org.millwright.web.ui;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.millwright.anchor.Anchors;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.insight.Portfolio;
import org.millwright.insight.ProjectInsights;
import org.millwright.ledger.Checkpoint;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;
import org.millwright.serving.Deployment;
import org.millwright.serving.Deployments;

/** What auditors and executives ask: the portfolio, evidence of what serves, any past moment, whether the log holds. */
public final class RecordsDesk {
    private static final int MOST = 5;
    private static final List<String> NOTABLE =
            List.of("release.break-glass", "certificate.revoked", "policy.activated", "policy.altered");

    private final Portfolio portfolio;
    private final Deployments deployments;
    private final Ledger ledger;
    private final Anchors anchors;
    private final Access access;

    public RecordsDesk(Portfolio portfolio, Deployments deployments, Ledger ledger, Anchors anchors, Access access) {
        this.portfolio = portfolio;
        this.deployments = deployments;
        this.ledger = ledger;
        this.anchors = anchors;
        this.access = access;
    }

    /**
     * What is there to see.
     *
     * @param serving deployments with a version in production
     * @param notable emergencies, revocations and changes of policies, newest first
     */
    public record View(
            Portfolio.View portfolio,
            List<Deployment> serving,
            long entries,
            Optional<Checkpoint> signed,
            List<Anchors.Status> places,
            List<Entry> notable) {
        /** The state in a sentence. */
        public String lead() {
            return (portfolio.report().projects().isEmpty() ? "No project yet." : Insight.lead(portfolio.report()))
                    + " The ledger has "
                    + Text.number(entries) + (entries == 1 ? " entry" : " entries")
                    + signed.map(at -> ", signed up to the first " + Text.number(at.size()))
                            .orElse(", none of them signed yet")
                    + ".";
        }
    }

    View view(Actor by) {
        List<Checkpoint> signed = ledger.checkpoints();
        var notable = new ArrayList<Entry>();
        NOTABLE.forEach(action -> notable.addAll(ledger.newest(action, List.of(), MOST)));
        notable.sort(java.util.Comparator.comparingLong(Entry::index).reversed());
        return new View(
                portfolio.view(by, ProjectInsights.Scope.ALL),
                deployments.list().stream()
                        .filter(each -> each.production().isPresent())
                        .filter(each -> access.allows(by, Permission.READ, Optional.of(each.project())))
                        .toList(),
                ledger.size(),
                signed.isEmpty() ? Optional.empty() : Optional.of(signed.getLast()),
                anchors.list(by),
                notable.stream().limit(MOST).toList());
    }
}
