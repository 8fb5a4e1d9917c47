package org.millwright.approval;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.millwright.identity.Actor;
import org.millwright.identity.Role;
import org.millwright.kernel.Json;
import org.millwright.project.Agreement;
import org.millwright.project.AgreementVersion;
import org.millwright.project.Agreements;

/** Agreements that wait in the inbox for the roles that are still to accept them. */
public final class WaitingAgreements implements Inbox.Kind {
    private final Agreements agreements;
    private final Clock clock;

    public WaitingAgreements(Agreements agreements, Clock clock) {
        this.agreements = agreements;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "agreement";
    }

    @Override
    public List<Inbox.Item> of(Actor actor) {
        return agreements.waiting().stream()
                .filter(version -> agreements.awaits(version, actor) && clock.millis() < agreements.due(version))
                .map(version -> item(actor, version))
                .toList();
    }

    private Inbox.Item item(Actor actor, AgreementVersion version) {
        ObjectNode shown = Json.object().put("digest", version.digest());
        agreements.inForce(version.project()).ifPresent(before -> shown.put(Inbox.IN_FORCE, before.text()));
        shown.put(
                "waits for",
                String.join(", ", version.missing().stream().map(Role::text).toList()));
        return Inbox.simple(
                this,
                version.ref(),
                version.project(),
                "Agreement about model " + version.model(),
                version.proposedBy(),
                version.proposedAt(),
                Optional.of(agreements.due(version)),
                shown.put(Agreement.FILE, version.text()),
                actor,
                version.digest(),
                List.of());
    }

    @Override
    public Set<Reply.Answer> answers() {
        return EnumSet.allOf(Reply.Answer.class);
    }

    @Override
    public Approvals.Decided decide(Actor by, String model, Reply.Answer answer, String reason) {
        AgreementVersion decided = switch (answer) {
            case APPROVE -> agreements.accept(by, model, Optional.empty());
            case REFUSE -> agreements.refuse(by, model, reason);
            case SEND_BACK -> agreements.sendBack(by, model, reason);
        };
        return new Approvals.Decided(
                decided.ref(), decided.state().name(), decided.missing().size());
    }
}
