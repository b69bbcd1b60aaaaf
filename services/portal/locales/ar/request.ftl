### مراحل الطلب ونتيجته والوصل.

step-of = المرحلة { $step } من { $total }
saved-at = حفظت أجوبتكم يوم { $date } على الساعة { $time }. يمكنكم المتابعة لاحقا، ولو من جهاز آخر.

account-step-title = هل نؤدي المبلغ في هذا الحساب؟
account-step-lead = هذا رقم الحساب البنكي (RIB) المسجل لدينا. لا نظهر إلا رمز البنك وآخر أربعة أرقام.
account-on-file = الحساب المسجل
account-masked = أرقام مخفية
account-holder = صاحب(ة) الحساب
account-question = جوابكم
account-yes = نعم، هذا حسابي
account-no = ليس حسابي أو لا حساب مسجل
account-no-hint = نخبركم أين تودعون شهادة RIB أو نموذج شيك.
account-choose = اختاروا جوابا
account-none-title = لا حساب بنكي مسجل
account-none-lead = يلزمنا رقم حساب بنكي (RIB) لأداء أي مساعدة. مسودتكم محفوظة في انتظار ذلك.
account-where-to-lodge = أين أودع رقم حسابي؟
lodge-title = أودعوا ما يثبت حسابكم البنكي
lodge-lead = لا يغير الحساب البنكي عبر الأنترنت حتى لا يحول أحد مبلغا إلى غيركم. إليكم الطريقة:
lodge-take = أحضروا شهادة RIB أو نموذج شيك
lodge-take-text = باسمكم. يسلمها لكم البنك في الحين.
lodge-bring = أودعوها في الشباك مع الإدلاء ببطاقتكم الوطنية
lodge-bring-text = يسجل الحساب بعد التحقق.
lodge-return = عودوا إلى هنا وتابعوا طلبكم
lodge-return-text = تجدونه في «ملفاتي».
lodge-kept = مسودتكم محفوظة.
lodge-later = عرض المسودة

person-step-title = من هو الشخص المعني؟
person-yourself = أنتم
person-choose = اختاروا الشخص المعني
person-no-child = لم يصرح بأي ابن أو ابنة. ما العمل؟
person-no-spouse = لم يصرح بأي زوج أو زوجة. ما العمل؟
person-way-out = سجلوا هذا الشخص أولا في ملفكم لدى الشباك، مع عقد الازدياد أو عقد الزواج. مسودتكم محفوظة، ويمكنكم أيضا اختيار شخص آخر أعلاه.

reason-step-title = ما موضوع الطلب؟
choose-reason = اختاروا موضوع الطلب

question-choose = اختاروا جوابا
question-day = اكتبوا تاريخا، مثل 22/11/2026
question-amount = اكتبوا مبلغا بالدرهم، مثل 1 850,50
question-optional = { $label } (اختياري)
question-number = اكتبوا عددا صحيحا
question-not-before = لا يمكن أن يسبق هذا التاريخ: { $question }
question-other-than = لا يمكن أن يكون هذا الجواب مماثلا لجواب: { $question }
question-from = اختاروا تاريخا ابتداء من { $date }
question-not-future = لم يحن هذا التاريخ بعد: اختاروا تاريخا إلى غاية اليوم
question-until = اختاروا تاريخا لا يتجاوز { $date }
question-at-least = اكتبوا { $value } على الأقل
question-at-most = اكتبوا { $value } على الأكثر
question-problem = { $question }: { $problem }
choose-place = اختاروا من اللائحة
question-yes = نعم
question-no = لا
question-currency = درهم

consent-step-title = قبل إرسال وثيقة طبية
consent-lead = هذه معطيات تهم الصحة. إليكم الغرض منها؛ دون موافقتكم لا يرسل شيء.
consent-purpose = الغرض منها
consent-readers = من يطلع عليها
consent-retention = مدة الحفظ
consent-reference = ترخيص اللجنة الوطنية CNDP
consent-needed = ضعوا العلامة للموافقة، أو ارجعوا: مسودتكم محفوظة
consent-withdraw = يمكنكم سحب موافقتكم في أي وقت قبل القرار بسحب الطلب.
consent-notice = بيان حماية المعطيات

papers-step-title = أضيفوا الوثيقة اللازمة
papers-step-title-many = أضيفوا الوثائق اللازمة
papers-read-by = لا يطلع على هذه الوثيقة إلا الأشخاص الذين وافقتم عليهم، وهي مشفرة.
papers-consented = ما وافقتم عليه
paper-limit = ملف PDF واحد، { $size } على الأكثر
paper-missing = { $paper }: أضيفوا ملف PDF
paper-other-missing = { $paper }: أضيفوا ملف PDF آخر مكان هذا الملف
upload-choose = اختيار ملف PDF
upload-replace = استبداله بملف PDF آخر
upload-received = مستلمة
upload-remove = حذف هذه الوثيقة
upload-stop = إيقاف الإرسال
upload-progress = تقدم الإرسال
upload-sending = الإرسال جار…
upload-checking = فحص الملف…
upload-lost = انقطع الإرسال. تحققوا من الاتصال ثم أعيدوا المحاولة.

summary-step-title = راجعوا ثم أرسلوا
summary-changed = تغير جواب منذ أن فتحتم هذه الصفحة، من جهاز آخر أو نافذة أخرى. أعيدوا القراءة ثم اضغطوا على «إنهاء» من جديد.
summary-unanswered = { $count ->
    [one] بقيت مرحلة واحدة قبل الإرسال.
    [two] بقيت مرحلتان قبل الإرسال.
    [few] بقيت { $count } مراحل قبل الإرسال.
    [many] بقيت { $count } مرحلة قبل الإرسال.
   *[other] بقيت { $count } مرحلة قبل الإرسال.
}
fact-consent-given = تمت
summary-complete = استكمال:
summary-declare = بالضغط على «إنهاء» تصرحون بصحة هذه المعلومات، ويرسل الطلب إلى المؤسسة.
fact-bank-hidden = تم التأكيد؛ لا يمكن عرض التفاصيل حاليا
fact-bank-former = تم التأكيد؛ لم يعد هذا الحساب هو المسجل في ملفكم
fact-person-hidden = لا يمكن عرض الاسم حاليا
summary-ruled-out = هناك شرط غير مستوفى: لا يمكن إرسال هذا الطلب. إن كان أحد أجوبتكم غير صحيح فعدلوه أعلاه.
summary-hidden = لا يمكن عرض بعض أجوبتكم حاليا، وهي محفوظة. يمكنكم إرسال الطلب حين تتمكنون من مراجعته كاملا: أعيدوا المحاولة بعد دقيقة.
summary-bank-former = الحساب الذي سبق أن أكدتموه لم يعد مسجلا في ملف انخراطكم. أكدوا الحساب الحالي لإرسال الطلب.
summary-bank-confirm = مراجعة الحساب البنكي
correction-title = تصحيح: { $what }
correction-save = حفظ التصحيح
correction-only = لا يصحح هنا إلا المطلوب، ويبقى باقي الملف كما أرسلتموه.
upload-to-replace = يجب استبدالها
resend = إعادة إرسال الملف
resend-title = راجعوا ثم أعيدوا الإرسال
resend-lead = هذا هو الملف كما سيعاد إرساله. لم يتغير فيه إلا ما طلب منكم.
resend-changed = تغير جواب منذ أن فتحتم هذه الصفحة، من جهاز آخر أو نافذة أخرى. أعيدوا القراءة ثم اضغطوا على «إعادة إرسال الملف» من جديد.
resend-unfinished = بقيت نقطة تنتظر التصحيح قبل إعادة إرسال الملف.
resend-hidden = لا يمكن عرض بعض أجوبتكم حاليا، وتصحيحاتكم محفوظة. يمكنكم إعادة إرسال الملف حين تتمكنون من مراجعته كاملا: أعيدوا المحاولة بعد دقيقة.
resend-declare = بالضغط على «إعادة إرسال الملف» تصرحون بصحة هذه المعلومات.
fact-service = الخدمة
fact-person = الشخص المعني
fact-reason = موضوع الطلب

sent-title = تم إنشاء ملفكم وإرساله
sent-number = رقم الطلب، احتفظوا به
resent-title = أعيد إرسال ملفكم
resent-lead = عاد الملف إلى المؤسسة بالرقم نفسه ويحتفظ بتاريخ إرساله. لا شيء آخر عليكم القيام به.
resent-number = رقم الطلب، لم يتغير
sent-follow = متابعة الملف
sent-message = يصلكم بريد إلكتروني ورسالة في فضائكم لتأكيد الإرسال، دون ذكر الخدمة ولا موضوع الطلب.
papers-received = { $count ->
    [one] وثيقة واحدة مستلمة
    [two] وثيقتان مستلمتان
    [few] { $count } وثائق مستلمة
   *[other] { $count } وثيقة مستلمة
}
receipt-title = وصل الإيداع
receipt-back = العودة إلى الملف
receipt-sent-on = تاريخ الإرسال
receipt-member = المنخرط(ة)
receipt-cancelled = تاريخ السحب
receipt-note = يثبت هذا الوصل إيداع الطلب ولا يعد قرارا.
receipt-printed = حرر بتاريخ { $when }
