/** How loud a source was on average since it was last asked, from the sums that WebRTC's statistics hold. Pure. */
export class Loudness {
  private energy = 0;
  private seconds = 0;
  private known = false;

  /**
   * 0 to 1: the root mean square over the time between two calls, 0 at the first. `totalAudioEnergy` and
   * `totalSamplesDuration` of webrtc-stats; a level read now and then would miss what is said in between.
   */
  handleTotals(totalAudioEnergy: number, totalSamplesDuration: number): number {
    const energy = totalAudioEnergy - this.energy;
    const seconds = totalSamplesDuration - this.seconds;
    const known = this.known;
    this.energy = totalAudioEnergy;
    this.seconds = totalSamplesDuration;
    this.known = true;
    return known && energy > 0 && seconds > 0 ? Math.min(1, Math.sqrt(energy / seconds)) : 0;
  }
}
