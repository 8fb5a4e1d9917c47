package org.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.millwright.approval.Release;
import org.millwright.history.Fact;
import org.millwright.history.History;
import org.millwright.history.State;
import org.millwright.identity.Actor;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Entry;

/** What the rooms said at a time is what the ledger tells of that time: over a random walk of real changes. */
class StateAtTest extends ToldLine {
    private static final int STEPS = 220;
    private static final List<String> ALIASES = List.of("champion", "challenger", "tried");
    private static final String AGREEMENT = """
            apiVersion: millwright/v1
            kind: Agreement
            model: delays
            """;
    private int agreed;

    /** What the rooms said after a step. */
    private record Said(long at, long size, Map<String, String> facts) {}

    @Test
    void theLedgerTellsWhatTheRoomsSaid() {
        var random = new Random(7);
        register();
        register();
        var said = new ArrayList<Said>();
        for (int i = 0; i < STEPS; i++) {
            pass(Duration.ofSeconds(1 + random.nextInt(100)));
            step(random);
            said.add(new Said(clock.millis(), ledger.size(), said()));
        }
        assertThat(said.stream().map(Said::facts).distinct().count()).isGreaterThan(STEPS / 4);
        for (Said then : said) {
            assertThat(told(Optional.of(then.at()), then.size()))
                    .as("after %s entries", then.size())
                    .isEqualTo(then.facts());
        }
        assertThat(told(Optional.empty(), ledger.size()))
                .isEqualTo(said.getLast().facts());
        for (String ref : refs()) {
            eachFactIsToldByItsEntry(history.at(ana, ref, Optional.empty()).asset());
        }
        assertThat(ledger.verify().entries()).isEqualTo(ledger.size());
        noLeafNamesAnybody();
    }

    private void noLeafNamesAnybody() {
        Pattern names = Pattern.compile("\\b(ana|mia|ben)\\b|@example", Pattern.CASE_INSENSITIVE);
        List<Entry> all = ledger.from(0, 10_000);
        assertThat(all)
                .filteredOn(entry -> names.matcher(entry.details().toString()).find())
                .extracting(Entry::action)
                .contains("project.requested", "deployment.rolled-back", "certificate.revoked", "approval.approved");
        assertThat(all).noneMatch(entry -> names.matcher(entry.leaf()).find());
    }

    private void eachFactIsToldByItsEntry(State state) {
        for (Fact fact : state.facts().values()) {
            State alone = State.nothing(state.ref())
                    .apply(ledger.from(fact.index(), 1).getFirst());
            assertThat(alone.fact(fact.name())).contains(fact);
        }
    }

    private void step(Random random) {
        long version = 1 + random.nextInt(registered);
        String alias = ALIASES.get(random.nextInt(ALIASES.size()));
        try {
            switch (random.nextInt(16)) {
                case 0 -> register();
                case 1, 2 -> models.setAlias(Actor.LOCAL, "delays", alias, version);
                case 3 -> models.deleteAlias(Actor.LOCAL, "delays", alias);
                case 4 ->
                    versions.setStage(
                            Actor.LOCAL,
                            "delays",
                            version,
                            random.nextBoolean() ? "Production" : "Staging",
                            random.nextBoolean());
                case 5, 6 -> stage(Long.toString(version));
                case 7 -> deployments.canary(MIA, "delays", 10 + random.nextInt(80), 1 + random.nextInt(8));
                case 8, 9 -> send("entity" + random.nextInt(1_000), 30);
                case 10 -> deployments.rollBack(MIA, "delays", "Why not, asks Mia.");
                case 11 -> certify(version);
                case 12 ->
                    certificates.revoke(mia, "model:delays/" + version, "Bad data, says ben@example.org", List.of());
                case 13 -> releases.request(ana, "delays", version, "", Json.object());
                case 14 -> decide(random);
                default -> rare(random);
            }
        } catch (Problem e) {
            // The room refused: nothing may have changed.
        }
    }

    private void rare(Random random) {
        switch (random.nextInt(5)) {
            case 0 -> deployments.stop(MIA, "delays", "Smoke seen by ben");
            case 1 -> deployments.resume(MIA, "delays", "fine again");
            case 2 -> projects.pause(mia, "flights", "Holidays of ANA");
            case 3 -> projects.resume(mia, "flights", "back");
            default -> {
                agreements.propose(ana, AGREEMENT + "performance: {metric: rmse, at-most: " + ++agreed + "}\n");
                agreements.accept(mia, "delays", Optional.empty());
            }
        }
    }

    private void decide(Random random) {
        Optional<Release> waiting = releases.list(100).stream()
                .filter(release -> release.state() == Release.State.REQUESTED)
                .findFirst();
        waiting.ifPresent(release -> inbox.decide(ben, release.ref(), random.nextInt(3) > 0, "Because of ana"));
    }

    private List<String> refs() {
        var refs = new ArrayList<>(List.of("model:delays", "deployment:delays", "project:flights", "agreement:delays"));
        for (int version = 1; version <= registered; version++) {
            refs.add("model:delays/" + version);
        }
        return refs;
    }

    private Map<String, String> said() {
        var facts = new TreeMap<String, String>();
        models.get(Actor.LOCAL, "delays")
                .aliases()
                .forEach((alias, version) -> facts.put("alias " + alias, version + ""));
        Deployment deployment = deployments.get("delays");
        deployment.production().ifPresent(version -> facts.put("production", version));
        deployment.previous().ifPresent(version -> facts.put("previous", version));
        deployment.halt().ifPresent(halt -> facts.put("halted", halt.reason()));
        switch (deployment.rollout()) {
            case Rollout.None none -> {}
            case Rollout.Staged staged -> facts.put("candidate", staged.version() + " 0");
            case Rollout.Trial trial -> facts.put("candidate", trial.version() + " " + trial.percent());
        }
        facts.put("project", projects.get("flights").state().name().toLowerCase(Locale.ROOT));
        agreements.versions(ana, "delays").stream()
                .filter(version -> version.state() == org.millwright.project.AgreementVersion.State.IN_FORCE)
                .forEach(version -> facts.put("agreement", version.digest()));
        releases.list(1_000)
                .forEach(release -> facts.put(
                        release.ref(),
                        release.version() + " " + release.state().name().toLowerCase(Locale.ROOT)));
        for (int version = 1; version <= registered; version++) {
            String name = "stage " + version;
            facts.put(name, versions.get(Actor.LOCAL, "delays", version).stage().text());
            String subject = "model:delays/" + version;
            certificates
                    .of(subject)
                    .ifPresent(certificate -> facts.put(
                            "certificate " + subject, certificate.revocation().isPresent() ? "revoked" : "valid"));
        }
        return facts;
    }

    private Map<String, String> told(Optional<Long> at, long size) {
        var facts = new TreeMap<String, String>();
        History.Moment moment = history.at(ana, "model:delays", at);
        assertThat(moment.size()).isEqualTo(size);
        moment.asset()
                .facts("alias.")
                .forEach(fact -> facts.put(
                        "alias " + fact.name().substring(6), fact.value().asText()));
        State deployment = moment.of("deployment:delays");
        for (String name : List.of("production", "previous")) {
            deployment.fact(name).ifPresent(fact -> facts.put(name, fact.value().asText()));
        }
        deployment
                .fact("halted")
                .ifPresent(
                        fact -> facts.put("halted", fact.value().path("reason").asText()));
        deployment
                .fact("candidate")
                .ifPresent(fact -> facts.put(
                        "candidate",
                        fact.value().path("version").asText() + " "
                                + fact.value().path("percent").asInt()));
        facts.put("project", moment.of("project:flights").text("state"));
        moment.of("agreement:delays")
                .fact("in-force")
                .ifPresent(
                        fact -> facts.put("agreement", fact.value().path("file").asText()));
        for (Fact fact : moment.asset().facts("version.")) {
            String number = fact.name().substring("version.".length());
            State version = history.at(ana, "model:delays/" + number, at).asset();
            facts.put(
                    "stage " + number,
                    version.fact("stage").map(stage -> stage.value().asText()).orElse("None"));
            version.fact("certificate")
                    .ifPresent(certificate -> facts.put(
                            "certificate " + version.ref(),
                            certificate.value().path("state").asText()));
            version.facts("release.")
                    .forEach(release -> facts.put(
                            "release:" + release.name().substring(8),
                            number + " " + release.value().asText()));
        }
        return facts;
    }
}
