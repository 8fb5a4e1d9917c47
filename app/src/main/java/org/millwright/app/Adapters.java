package org.millwright.app;

import java.util.List;
import org.millwright.web.ErrorForm;
import org.millwright.web.Routes;
import org.millwright.web.ui.Assets;
import org.millwright.web.ui.HtmlErrors;
import org.millwright.web.ui.LedgerPages;
import org.millwright.web.ui.Ui;

/** The protocols and pages over the rooms. */
record Adapters(List<Routes> routes, List<ErrorForm> errors) {
    static Adapters over(Rooms rooms) {
        var ui = new Ui();
        return new Adapters(
                List.of(new Assets(), new LedgerPages(ui, rooms.ledger, rooms.users, rooms.clock)),
                List.of(new HtmlErrors(ui)));
    }
}
