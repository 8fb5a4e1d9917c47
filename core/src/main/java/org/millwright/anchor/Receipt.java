package org.millwright.anchor;

/**
 * What a transparency log answered.
 *
 * @param uuid the log's name of the entry
 * @param bundle JSON of a Sigstore bundle v0.3 over the checkpoint's text
 */
public record Receipt(String uuid, String bundle) {}
