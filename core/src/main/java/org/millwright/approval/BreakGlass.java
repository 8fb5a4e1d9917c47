package org.millwright.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Ledger;
import org.millwright.project.ProjectFile;
import org.millwright.project.Projects;

/**
 * Lets a release through at once in an emergency: one person with a right of its own, never whose work it is, and with a
 * reason. A regular approval is to follow within a day; if none does, that becomes a finding, and nothing is torn down.
 */
public final class BreakGlass {
    static final Duration LASTS = Duration.ofHours(24);

    private static final Duration TO_MEND = Duration.ofDays(7);

    private final Database database;
    private final Ledger ledger;
    private final Access access;
    private final Projects projects;
    private final Approvals approvals;
    private final Releases releases;
    private final Findings findings;
    private final Clock clock;

    public BreakGlass(
            Database database,
            Ledger ledger,
            Access access,
            Projects projects,
            Approvals approvals,
            Releases releases,
            Findings findings,
            Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.access = access;
        this.projects = projects;
        this.approvals = approvals;
        this.releases = releases;
        this.findings = findings;
        this.clock = clock;
    }

    /** Lets it through; revoked, expired or missing evidence is not let through by anybody. */
    public Release open(Actor by, String id, String reason) {
        if (reason.isBlank()) {
            throw new Problem.Invalid(
                    "An emergency needs a reason", "mw release break-glass release:" + id + " --reason …");
        }
        Reply.requireLength(reason);
        Release release = releases.get(id);
        access.require(by, Permission.BREAK_GLASS, release.project());
        String author = releases.evidence().version(release).madeBy();
        if (!by.isPerson() || approvals.separation().same(by.id(), author)) {
            throw approvals
                    .separation()
                    .kept(
                            by,
                            release.ref(),
                            new Problem.Denied(
                                    by.name()
                                            + (by.isPerson() ? " made " : " is no person and cannot let through ")
                                            + release.modelRef()
                                            + (by.isPerson() ? " and cannot let it through" : ""),
                                    "Ask another person with the right to break the glass."));
        }
        releases.requireFit(release);
        return database.write(() -> opened(by, releases.get(id), reason));
    }

    private Release opened(Actor by, Release release, String reason) {
        boolean waits = switch (release.state()) {
            case REQUESTED, SENT_BACK, LAPSED -> releases.broken(release).isEmpty();
            default -> false;
        };
        if (!waits) {
            throw new Problem.Conflict(
                    release.ref() + " is " + release.state().name().toLowerCase(java.util.Locale.ROOT)
                            + " (expected: one that waits, and was not let through before)",
                    "mw release list");
        }
        long now = clock.millis();
        var broken = new Broken(
                release.id(),
                release.project(),
                reason,
                releases.evidence().digests(release),
                by.id(),
                now,
                now + LASTS.toMillis(),
                Broken.State.OPEN);
        releases.broken().insert(broken);
        ledger.append(by, "release.break-glass", Releases.subjects(release), details(release, broken));
        return releases.move(by, release.id(), Release.State.APPROVED, "let through in an emergency: " + reason);
    }

    private ObjectNode details(Release release, Broken broken) {
        ObjectNode details = Json.object()
                .put("reason", broken.reason())
                .put("deployment", release.deployment())
                .put("until", broken.until());
        details.set("digests", Json.tree(broken.digests()));
        Optional<Approval> asked = approvals.about(release.ref()).stream().reduce((first, second) -> second);
        asked.ifPresent(approval ->
                details.set("approvers", Json.tree(approvals.separation().approvers(approval))));
        return details;
    }

    /** Makes a finding of what no regular approval followed in time. */
    void turn() {
        for (Broken over : database.read(() -> releases.broken().over(clock.millis()))) {
            database.write(() -> {
                if (releases.broken().settle(over.release(), Broken.State.EXPIRED, clock.millis())) {
                    expired(over, releases.get(over.release()));
                }
            });
        }
    }

    private void expired(Broken over, Release release) {
        String what = release.modelRef().substring("model:".length()) + " was let through in an emergency ("
                + over.reason() + ") and not approved within " + LASTS.toHours() + " hours";
        findings.file(
                release.project(),
                new Findings.Wanted(
                        release.model(),
                        Optional.of(release.version()),
                        Finding.Severity.HIGH,
                        Optional.of(true),
                        what,
                        projects.file(release.project()).map(ProjectFile::owner).orElse(""),
                        clock.millis() + TO_MEND.toMillis()));
        ledger.append(Actor.SYSTEM, "release.break-glass-expired", Releases.subjects(release), details(release, over));
        if (release.state() == Release.State.APPROVED) {
            releases.move(Actor.SYSTEM, release.id(), Release.State.LAPSED, what);
        }
    }
}
