package org.millwright.gate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.millwright.artifact.Artifacts;
import org.millwright.identity.Actor;
import org.millwright.kernel.Database;
import org.millwright.kernel.Ids;
import org.millwright.kernel.Json;
import org.millwright.ledger.Ledger;
import org.millwright.project.Project;

/** The one place where gates decide; every input of a decision is kept. */
public final class Gates {
    private final Database database;
    private final Ledger ledger;
    private final Artifacts artifacts;
    private final Clock clock;
    private final Ids ids;
    private final JudgementStore store;

    public Gates(Database database, Ledger ledger, Artifacts artifacts, Clock clock, Ids ids) {
        this.database = database;
        this.ledger = ledger;
        this.artifacts = artifacts;
        this.clock = clock;
        this.ids = ids;
        this.store = new JudgementStore(database);
    }

    /** Judges the rules on the inputs; passes only if there is a rule and every one passes. */
    public Judgement judge(Actor by, String project, String subject, List<Rule> rules, JsonNode inputs) {
        byte[] document = Json.canonical(inputs).getBytes(StandardCharsets.UTF_8);
        String digest = artifacts.put(document).sha256();
        List<Verdict> verdicts =
                rules.stream().map(rule -> Rules.judge(rule, inputs)).toList();
        boolean passed = !verdicts.isEmpty() && verdicts.stream().allMatch(Verdict::passed);
        var judgement = new Judgement(ids.next("gate"), project, subject, passed, digest, verdicts, clock.millis());
        ObjectNode details = Json.object().put("passed", passed).put("inputs", digest);
        var list = details.putArray("verdicts");
        verdicts.forEach(verdict -> list.addObject()
                .put("rule", verdict.rule().name())
                .put("check", verdict.rule().check())
                .put("outcome", verdict.outcome().name())
                .put("detail", verdict.detail()));
        database.write(() -> {
            store.insert(judgement);
            ledger.append(by, "gate.judged", List.of(subject, "gate:" + judgement.id(), Project.ref(project)), details);
        });
        return judgement;
    }

    public Optional<Judgement> find(String id) {
        return database.read(() -> store.judgement(id));
    }

    /** Judgements about a subject, oldest first. */
    public List<Judgement> about(String subject) {
        return database.read(() -> store.judgements(subject));
    }

    /** The document that the rules of a judgement saw. */
    public JsonNode inputs(Judgement judgement) {
        return Json.parse(artifacts.bytes(judgement.inputs()));
    }
}
