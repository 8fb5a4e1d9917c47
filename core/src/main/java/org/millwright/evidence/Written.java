package org.millwright.evidence;

/**
 * A text that a person wrote into a card.
 *
 * @param version number of the model's version that it was written for; 0 for a dataset
 * @param author id of who wrote it
 * @param at milliseconds since the epoch
 */
public record Written(Section section, long version, String text, String author, long at) {}
