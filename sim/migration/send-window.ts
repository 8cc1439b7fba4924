/** The windows of a rate limit: the one that is open, and strides over windows that repeat the one before them. */

export class SendWindow {
  openedSeconds = 0;
  bytes = 0;
  pages = 0;
  sections = 0;
  /** Holds something that the next window need not hold: zero pages, the end of what waited, a change of rate. */
  irregular = true;

  open(atSeconds: number): void {
    this.openedSeconds = atSeconds;
    this.bytes = 0;
    this.pages = 0;
    this.sections = 0;
    this.irregular = false;
  }
}

export class WindowStride {
  /** The window before the open one, if it may be repeated; 0 seconds if not. */
  windowSeconds = 0;
  windowBytes = 0;
  /** What one of its pages comes to. */
  pageBytes = 0;
  startSeconds = 0;
  untilSeconds = 0;
  private windowPages = 0;
  private windowSections = 0;
  /** Equal windows under way; 0 while there is no stride. */
  private windows = 0;

  get isUnderWay(): boolean {
    return this.windows > 0;
  }

  /** Windows closed so far say nothing of those to come. */
  forget(): void {
    this.windowSeconds = 0;
  }

  /**
   * The window closes at `atSeconds`.
   *
   * @param pages on average, where such windows hold a few more or less by turns.
   */
  learn(window: SendWindow, atSeconds: number, pageBytes: number, pages: number): void {
    this.windowSeconds = atSeconds - window.openedSeconds;
    this.windowBytes = window.bytes;
    this.windowSections = window.sections;
    this.windowPages = pages;
    this.pageBytes = pageBytes;
  }

  /** Sets out over as many windows as those pages fill; false where that is fewer than two. */
  setOut(nowSeconds: number, pages: number): boolean {
    const windows = Math.floor(pages / this.windowPages);
    if (windows < 2) return false;
    this.windows = windows;
    this.startSeconds = nowSeconds;
    this.untilSeconds = nowSeconds + windows * this.windowSeconds;
    return true;
  }

  /** Ends the stride; returns how many of its windows there were by now, a fraction allowed. */
  end(nowSeconds: number): number {
    const { windows } = this;
    this.windows = 0;
    return nowSeconds >= this.untilSeconds ? windows : (nowSeconds - this.startSeconds) / this.windowSeconds;
  }

  /** Pages and section ends of so many windows, a fraction allowed. */
  pagesOf(windows: number): number {
    return Math.floor(windows * this.windowPages);
  }

  sectionsOf(windows: number): number {
    return Math.floor(windows * this.windowSections);
  }
}
