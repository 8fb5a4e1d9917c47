package org.millwright.web.ui;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.millwright.approval.Finding;
import org.millwright.approval.Findings;
import org.millwright.approval.Release;
import org.millwright.approval.Releases;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.insight.Inventoried;
import org.millwright.insight.Inventory;

/** What a validator looks into: versions that somebody wants to release, findings that are open, models in doubt. */
public final class ValidationDesk {
    private static final int LOOKED_AT = 200;
    private static final int MOST = 10;

    private final Releases releases;
    private final Findings findings;
    private final Inventory inventory;
    private final Access access;

    public ValidationDesk(Releases releases, Findings findings, Inventory inventory, Access access) {
        this.releases = releases;
        this.findings = findings;
        this.inventory = inventory;
        this.access = access;
    }

    /** What is there to see. */
    public record View(List<Release> asked, List<Finding> findings, long blocking, List<Inventoried> models) {
        /** The state in a sentence. */
        public String lead() {
            return (asked.isEmpty()
                            ? "No version waits for its release"
                            : HomePages.count(asked.size(), "version") + (asked.size() == 1 ? " waits" : " wait")
                                    + " for a release")
                    + "; "
                    + (findings.isEmpty() ? "no finding is open" : HomePages.count(findings.size(), "open finding"))
                    + (blocking == 0 ? "." : ", " + blocking + " of them blocking.");
        }
    }

    View view(Actor by, long now) {
        List<Finding> open = findings.list(by).stream()
                .filter(finding -> finding.isOpen(now))
                .sorted(Comparator.comparingLong(Finding::dueAt))
                .toList();
        return new View(
                releases.list(LOOKED_AT).stream()
                        .filter(release -> release.state() == Release.State.REQUESTED
                                || release.state() == Release.State.SENT_BACK)
                        .filter(release -> access.allows(by, Permission.READ, Optional.of(release.project())))
                        .toList(),
                open,
                open.stream().filter(Finding::blocking).count(),
                models(by).stream()
                        .filter(model -> !model.attention().isEmpty())
                        .limit(MOST)
                        .toList());
    }

    /** Who validates in some projects only looks into each of them. */
    private List<Inventoried> models(Actor by) {
        return access.allows(by, Permission.READ, Optional.empty())
                ? inventory.list(by, Optional.empty())
                : access.projects(by, Permission.VALIDATE).stream()
                        .flatMap(project -> inventory.list(by, Optional.of(project)).stream())
                        .toList();
    }
}
