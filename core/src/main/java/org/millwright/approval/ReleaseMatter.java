package org.millwright.approval;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.millwright.identity.Actor;

/** Decisions about releases: a model version's history tells them, and the release moves with them. */
final class ReleaseMatter implements Matter {
    private final Releases releases;
    private final Findings findings;
    private final Conditions conditions;
    private final Clock clock;

    ReleaseMatter(Releases releases, Findings findings, Conditions conditions, Clock clock) {
        this.releases = releases;
        this.findings = findings;
        this.conditions = conditions;
        this.clock = clock;
    }

    @Override
    public Map<String, String> digests(String subject) {
        return releases.evidence().digests(release(subject));
    }

    @Override
    public List<String> concerned(String subject) {
        Release release = release(subject);
        return List.of(release.modelRef(), "model:" + release.model());
    }

    @Override
    public String model(String subject) {
        return release(subject).model();
    }

    @Override
    public void requireGrantable(Approval approval) {
        releases.requireGrantable(release(approval.subject()));
    }

    @Override
    public Map<String, Object> context(String subject) {
        Release release = release(subject);
        var context = new LinkedHashMap<String, Object>();
        context.put(
                "findings",
                findings.of(release.model()).stream()
                        .filter(finding -> finding.isOpen(clock.millis()))
                        .toList());
        context.put(
                "conditions",
                conditions.of(release.model()).stream()
                        .filter(condition -> condition.met().isEmpty())
                        .toList());
        releases.evidence().reproduced(release.modelRef()).ifPresent(verdict -> context.put("reproduction", verdict));
        return context;
    }

    @Override
    public Approvals.Request again(Actor by, Approval before) {
        Release release = release(before.subject());
        releases.requireAskable(by, release);
        return releases.asked(release, before.shown());
    }

    @Override
    public void askedAgain(Actor by, Approval approval) {
        Release release = release(approval.subject());
        if (!Releases.isCleared(release)) {
            releases.move(by, release.id(), Release.State.REQUESTED, "asked for again");
        }
    }

    @Override
    public void decided(Actor by, Approval approval) {
        Release release = release(approval.subject());
        if (release.state() == Release.State.REQUESTED) {
            releases.move(by, release.id(), follows(approval.state()), approval.reason());
        }
        releases.regular(by, release, approval);
    }

    private static Release.State follows(Approval.State decided) {
        return switch (decided) {
            case APPROVED -> Release.State.APPROVED;
            case REFUSED -> Release.State.REFUSED;
            case SENT_BACK -> Release.State.SENT_BACK;
            case EXPIRED, VOID -> Release.State.LAPSED;
            case PENDING -> Release.State.REQUESTED;
        };
    }

    private Release release(String subject) {
        return releases.get(subject.substring("release:".length()));
    }
}
