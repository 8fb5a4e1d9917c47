package org.millwright.evidence;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.millwright.identity.Access;
import org.millwright.identity.Actor;
import org.millwright.identity.Permission;
import org.millwright.kernel.Database;
import org.millwright.kernel.Json;
import org.millwright.kernel.Problem;
import org.millwright.ledger.Checkpoint;
import org.millwright.ledger.Entry;

/** What a framework asks about a model version, answered from records, as a page and as a pack for strangers. */
public final class Packs {
    /** Entries of the ledger in a pack, the newest. */
    static final int MOST_ENTRIES = 5_000;

    private final Database database;
    private final RecordRooms rooms;
    private final Cards cards;
    private final FrameworkMaps maps;

    public Packs(Database database, RecordRooms rooms, Cards cards, FrameworkMaps maps) {
        this.database = database;
        this.rooms = rooms;
        this.cards = cards;
        this.maps = maps;
    }

    public FrameworkMaps maps() {
        return maps;
    }

    /** How far the records answer a framework about a version. */
    public Assessment assess(Actor by, String model, String version, String framework) {
        requireReadable(by, model);
        return assess(cards.dossier(by, model, version), map(framework));
    }

    /** Makes a pack and notes in the ledger that it was made, for whom and with which digest. */
    public Pack export(Actor by, String model, String version, String framework, boolean withModel) {
        requireReadable(by, model);
        FrameworkMap map = map(framework);
        Dossier dossier = cards.dossier(by, model, version);
        Assessment assessment = assess(dossier, map);
        var content = new PackContent(rooms, dossier, assessment, withModel);
        List<PackFile> files = content.files();
        String index = Json.canonical(content.index(files));
        Entry noted = note(by, dossier, map, PackFile.of(Pack.INDEX, index).sha256());
        return pack(dossier, map, index, files, noted);
    }

    private Entry note(Actor by, Dossier dossier, FrameworkMap map, String index) {
        var subjects = new ArrayList<String>(
                List.of(dossier.ref(), "model:" + dossier.model().name()));
        dossier.project().ifPresent(project -> subjects.add(project.ref()));
        ObjectNode details = Json.object()
                .put("framework", map.framework())
                .put("map", map.digest())
                .put("index", index);
        String id = database.write(() -> rooms.ledger().append(by, Concerned.EXPORTED, subjects, details));
        return rooms.ledger().entry(id).orElseThrow();
    }

    private Pack pack(Dossier dossier, FrameworkMap map, String index, List<PackFile> files, Entry noted) {
        Checkpoint checkpoint = rooms.ledger().checkpoint();
        var all = new TreeMap<String, PackFile>();
        files.forEach(file -> all.put(file.name(), file));
        PackFile indexFile = PackFile.of(Pack.INDEX, index);
        all.put(Pack.INDEX, indexFile);
        var proofs = new PackProofs(rooms.ledger(), checkpoint);
        List<Entry> entries = new ArrayList<>(PackContent.entries(dossier));
        entries.add(noted);
        proofs.files(entries, noted).forEach(file -> all.put(file.name(), file));
        String name = dossier.model().name() + "-" + dossier.version().version() + "-" + map.framework() + ".zip";
        return new Pack(name.replaceAll("[^A-Za-z0-9._-]", "_"), indexFile.sha256(), List.copyOf(all.values()));
    }

    private FrameworkMap map(String framework) {
        if (framework.isEmpty()) {
            throw new Problem.Invalid("framework is missing (expected one of: "
                    + String.join(", ", maps.all().keySet()) + ")");
        }
        return maps.get(framework);
    }

    /** Lets through whoever reads the project and audits, or is a member of it. */
    public void requireReadable(Actor by, String model) {
        Optional<String> project = rooms.models().get(by, model).project();
        Access access = rooms.users().access();
        project.ifPresentOrElse(
                name -> access.require(by, Permission.READ, name), () -> access.require(by, Permission.READ));
        boolean member = project.map(name -> rooms.users().rolesIn(name, by.id()))
                .filter(roles -> !roles.isEmpty())
                .isPresent();
        if (!member && !access.allows(by, Permission.AUDIT, project)) {
            throw new Problem.Denied(
                    by.name() + " is neither an auditor nor a member of the project of model " + model,
                    "Ask an administrator for the role: mw user grant " + by.name() + " auditor"
                            + project.map(name -> " --project " + name).orElse(""));
        }
    }

    private static Assessment assess(Dossier dossier, FrameworkMap map) {
        Map<String, Answer> answers = new LinkedHashMap<>();
        map.items().stream()
                .flatMap(item -> item.records().stream())
                .forEach(name -> answers.computeIfAbsent(name, query -> Queries.answer(query, dossier)));
        Map<String, List<String>> people = new TreeMap<>();
        dossier.file()
                .ifPresent(file -> file.members()
                        .forEach((name, roles) ->
                                roles.forEach(role -> people.computeIfAbsent(role.text(), text -> new ArrayList<>())
                                        .add(name))));
        return new Assessment(dossier.ref(), dossier.model().project().orElse(""), map, answers, people);
    }
}
