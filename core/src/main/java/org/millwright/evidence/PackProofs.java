package org.millwright.evidence;

import java.util.ArrayList;
import java.util.List;
import org.millwright.ledger.Checkpoint;
import org.millwright.ledger.Entry;
import org.millwright.ledger.Ledger;

/**
 * The part of a pack that any verifier of C2SP transparency logs reads: {@code vkey.txt}, {@code checkpoints/SIZE}, and for
 * each entry {@code entries/INDEX.json} with {@code entries/INDEX.tlog-proof}. {@code pack} names the entry about the pack.
 */
final class PackProofs {
    static final String KEY = Pack.LEDGER + "vkey.txt";
    static final String ENTRY_OF_PACK = Pack.LEDGER + "pack";

    private final Ledger ledger;
    private final Checkpoint checkpoint;

    PackProofs(Ledger ledger, Checkpoint checkpoint) {
        this.ledger = ledger;
        this.checkpoint = checkpoint;
    }

    /** An entry exactly as it was hashed. */
    static PackFile leaf(Entry entry) {
        return PackFile.of(Pack.LEDGER + "entries/" + entry.index() + ".json", entry.leaf());
    }

    List<PackFile> files(List<Entry> entries, Entry pack) {
        var files = new ArrayList<PackFile>();
        files.add(PackFile.of(KEY, ledger.verifierKey() + "\n"));
        files.add(PackFile.of(Pack.LEDGER + "checkpoints/" + checkpoint.size(), checkpoint.note()));
        files.add(PackFile.of(ENTRY_OF_PACK, pack.index() + "\n"));
        files.add(leaf(pack));
        entries.forEach(entry ->
                files.add(PackFile.of(Pack.LEDGER + "entries/" + entry.index() + ".tlog-proof", proof(entry))));
        return files;
    }

    private String proof(Entry entry) {
        var text = new StringBuilder("c2sp.org/tlog-proof@v1\nindex " + entry.index() + "\n");
        ledger.inclusion(entry.index(), checkpoint.size())
                .forEach(hash -> text.append(hash).append('\n'));
        return text.append('\n').append(checkpoint.note()).toString();
    }
}
