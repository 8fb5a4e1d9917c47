package org.millwright.app;

import java.util.List;
import org.millwright.evidence.CardSections;
import org.millwright.evidence.Cards;
import org.millwright.evidence.FrameworkMaps;
import org.millwright.evidence.Packs;
import org.millwright.evidence.RecordRooms;
import org.millwright.web.Routes;
import org.millwright.web.api.EvidenceRoutes;
import org.millwright.web.ui.EvidencePages;
import org.millwright.web.ui.Forms;
import org.millwright.web.ui.Ui;

/** Cards and evidence packs over the rooms whose records they read. */
record Evidenced(Cards cards, Packs packs) {
    /** The folder in the data folder with the organisation's own maps of frameworks. */
    static final String FRAMEWORKS = "frameworks";

    static Evidenced over(Rooms rooms) {
        var records = new RecordRooms(
                rooms.ledger,
                rooms.users,
                rooms.projects,
                rooms.agreements,
                rooms.datasets,
                rooms.edges,
                rooms.certificates,
                rooms.environments,
                rooms.models,
                rooms.versions,
                rooms.pipelineRuns,
                rooms.sources,
                rooms.gates,
                rooms.approvals,
                rooms.releases,
                rooms.bundles,
                rooms.deployments,
                rooms.overviews,
                rooms.alerts);
        var cards = new Cards(records, new CardSections(rooms.database, records, rooms.clock, rooms.ids));
        var maps = new FrameworkMaps(rooms.data.resolve(FRAMEWORKS));
        return new Evidenced(cards, new Packs(rooms.database, records, cards, maps));
    }

    static List<Routes> routes(Rooms rooms, Ui ui) {
        Evidenced evidence = over(rooms);
        return List.of(
                new EvidenceRoutes(evidence.cards, evidence.packs),
                new EvidencePages(ui, rooms.models, evidence.cards, evidence.packs, new Forms(), EvidenceRoutes::send));
    }
}
